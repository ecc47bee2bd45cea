/* Small comforts for a keyboard; every page works without them.
   [data-focus]           takes the focus when it arrives: an error summary, a freshly saved item
   [data-focus-on=id]     … and hands it on to where one writes next
   Ctrl/⌘ + Enter         submits the form one is writing in
   form (POST)            is sent once, however often its button is pressed
   details                opens when what is chosen stands in it
   button[data-phrase]    puts a standard phrase in the form's textarea and picks [data-category]; Alt + 1–9, or 1–9 outside a text field */
(() => {
  "use strict";

  function focusArrival(root) {
    const target = root.matches("[data-focus]") ? root : root.querySelector("[data-focus]");
    if (!target) return;
    const place = document.getElementById(target.dataset.focusOn) ?? target;
    place.focus();
    place.closest("form")?.scrollIntoView({ block: "nearest" }); // the whole of what one goes on with, and not its first line
  }

  document.addEventListener("DOMContentLoaded", () => focusArrival(document.body));
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) focusArrival(event.detail.elt);
  });

  /* -- Sent once ------------------------------------------------------------------------------------------------- */

  const underWay = new WeakSet();

  function setBusy(form, busy) {
    if (busy) underWay.add(form);
    else underWay.delete(form);
    for (const button of form.querySelectorAll("[type=submit]")) button.setAttribute("aria-busy", String(busy));
  }

  document.addEventListener(
    "submit",
    (event) => {
      if (event.target.method !== "post") return;
      if (underWay.has(event.target)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else {
        setBusy(event.target, true);
      }
    },
    true, // before htmx hears of it
  );
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form) setBusy(form, false);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) setBusy(form, false);
  });

  /* -- Standard phrases -------------------------------------------------------------------------------------------- */

  /* What is chosen is in sight, also when a phrase, or the browser's own memory, chose it. */
  function showChosen(root) {
    for (const rare of root.querySelectorAll("details:has(input:checked)")) rare.open = true;
  }

  window.addEventListener("pageshow", () => showChosen(document));

  function insertPhrase(button) {
    const text = button.form.querySelector("textarea");
    const written = text.value.trimEnd();
    text.value = written ? `${written}\n${button.dataset.phrase}` : button.dataset.phrase;
    const category = [...button.form.querySelectorAll("input[type=radio]")].find(
      (radio) => radio.value === button.dataset.category,
    );
    if (category) category.checked = true;
    showChosen(button.form);
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-phrase]");
    if (button) insertPhrase(button);
  });

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form");
    if (!form) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    const writing = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (!digit || event.ctrlKey || event.metaKey || (writing && !event.altKey)) return;
    const button = form.querySelectorAll("button[data-phrase]")[digit[1] - 1];
    if (button) {
      event.preventDefault();
      insertPhrase(button);
    }
  });
})();
