/* The agenda put in order by keyboard and by mouse; the page's own buttons do the moving, with or without this.
   Alt + ↑ / Alt + ↓   in an item presses its button for a step up or down
   dragging            an item drops it at its new place: [data-place] is pressed with "item:place" */
(() => {
  "use strict";

  const itemOf = (element) => element.closest?.("[data-arrange] [data-item]");
  let dragged = null;

  function ready(root) {
    for (const hint of document.querySelectorAll("[data-needs-script]")) hint.hidden = false;
    for (const item of root.querySelectorAll("[data-arrange] [data-item]:has([data-step])")) item.draggable = true;
  }

  document.addEventListener("DOMContentLoaded", () => ready(document));
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));

  /* -- Keyboard ---------------------------------------------------------------------------------------------------- */

  // Steps pressed while one is under way, by keys or by mouse, wait for their turn: the item is then in its new place. A
  // click on a button that is about to be replaced would be lost.
  let moving = false;
  let taking = false;
  const waiting = [];

  function take({ step, key } = {}) {
    const item = key ? document.querySelector(`[data-arrange] [data-item="${key}"]`) : itemOf(document.activeElement);
    const button = step && item?.querySelector(`[data-step="${step}"]:enabled`);
    moving = Boolean(button);
    taking = true;
    button?.click();
    taking = false;
  }

  document.addEventListener("keydown", (event) => {
    const step = { ArrowUp: "op", ArrowDown: "ned" }[event.key];
    const item = itemOf(event.target);
    if (!step || !event.altKey || event.ctrlKey || event.metaKey || !(item || moving)) return;
    event.preventDefault();
    const next = { step, key: item?.dataset.item };
    if (moving) waiting.push(next);
    else take(next);
  });

  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest?.("[data-arrange] [data-step]");
      if (taking || !button?.closest("[hx-post]")) return;
      if (moving) {
        event.preventDefault();
        event.stopImmediatePropagation();
        waiting.push({ step: button.dataset.step, key: itemOf(button).dataset.item });
      }
      moving = true;
    },
    true, // before htmx hears of it
  );

  // Other answers settle meanwhile: the preview's, and that of a save.
  document.addEventListener("htmx:afterSettle", () => {
    if (moving && !document.querySelector("[data-arrange].htmx-request, [data-arrange] .htmx-request")) take(waiting.shift());
  });

  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, () => {
      moving = false;
      waiting.length = 0;
    });
  }

  /* -- Mouse ------------------------------------------------------------------------------------------------------- */

  function unmark() {
    for (const item of document.querySelectorAll("[data-drop]")) delete item.dataset.drop;
  }

  // Above the middle of an item is before it, below is after it.
  function sideOf(item, event) {
    const box = item.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2 ? "before" : "after";
  }

  document.addEventListener("dragstart", (event) => {
    dragged = itemOf(event.target);
    if (!dragged) return;
    dragged.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.item);
  });

  document.addEventListener("dragover", (event) => {
    const over = itemOf(event.target);
    if (!dragged || !over) return;
    event.preventDefault();
    unmark();
    if (over !== dragged) over.dataset.drop = sideOf(over, event);
  });

  document.addEventListener("drop", (event) => {
    const over = itemOf(event.target);
    if (!dragged || !over) return;
    event.preventDefault();
    const items = [...over.parentElement.children];
    const others = items.filter((item) => item !== dragged);
    const place = others.indexOf(over) + (sideOf(over, event) === "after" ? 1 : 0);
    if (over === dragged || place === items.indexOf(dragged)) return;
    const button = over.closest("form").querySelector("[data-place]");
    button.value = `${dragged.dataset.item}:${place + 1}`;
    button.click();
  });

  document.addEventListener("dragend", () => {
    unmark();
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
  });
})();
