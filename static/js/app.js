/* Small comforts for a keyboard; every page works without them.
   [data-focus]           takes the focus when it arrives: an error summary, a freshly saved item
   [data-focus-on=id]     … and hands it on to where one writes next
   Ctrl/⌘ + Enter         submits the form one is writing in
   form (POST)            is sent once, however often its button is pressed
   details.rare           opens when what is chosen stands in it
   button[data-phrase]    puts a standard phrase in the form's textarea and picks [data-category]; Alt + 1–9, or 1–9 outside a text field
   input[data-point]      Alt + Shift + 1–9 ticks at-point 1–9 of the item one is at
   form[data-saves-here]  saves by htmx ("gem") without leaving the place one writes at, when Ctrl/⌘ + Enter is pressed in it
   [data-shortcut=letter] Alt + letter opens or closes it (details) or presses it (button, link): the nearest to where one is
   [data-shortcuts-for-all] holds those meant where there is none of the letter nearer by
   details[data-shortcut] takes the focus to its first control, also when that is fetched first; Escape closes it again; Enter in a
                          line of it presses its own button, and not the first one of the form
   .record                Alt + ↓ or PageDown goes to the next item, Alt + ↑ or PageUp to the one before
   AltGr, with which one writes @ and { on a Danish keyboard, is never taken for Alt */
(() => {
  "use strict";

  function focusArrival(root) {
    const target = root.matches("[data-focus]") ? root : root.querySelector("[data-focus]");
    if (!target) return;
    const place = document.getElementById(target.dataset.focusOn) ?? target;
    place.focus();
    place.closest(".record, form")?.scrollIntoView({ block: "nearest" }); // the whole of what one goes on with, and not its first line
  }

  document.addEventListener("DOMContentLoaded", () => focusArrival(document.body));
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) focusArrival(event.detail.elt);
  });

  // While the answer is put in, old and new stand together a moment: of details that share a name only the old one could be
  // open, and the new one would hide its errors.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.shouldSwap) return;
    for (const details of event.detail.target.querySelectorAll("details[name]")) details.removeAttribute("name");
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
      if (event.target.method !== "post" || event.target.matches("[data-gives-file]")) return; // no page comes to let go of it
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
    for (const rare of root.querySelectorAll("details.rare:has(input:checked)")) rare.open = true;
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

  /* -- The keyboard ------------------------------------------------------------------------------------------------ */

  const CONTROLS = "input:not([type=hidden], :disabled), select, textarea, button, a[href]";

  const isPlainAlt = (event) =>
    event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.getModifierState("AltGraph");

  const recordOf = (element) => element.closest?.(".record");

  // Where one writes in an item; or the item itself, when it is in the protocol.
  function enterRecord(record) {
    (record.querySelector(".record__decision textarea") ?? record).focus();
    record.scrollIntoView({ block: "nearest" });
  }

  function nearest(from, selector) {
    for (let place = from; place; place = place.parentElement) {
      const found = [...place.querySelectorAll(selector)].find(
        (one) => one.checkVisibility() && (!recordOf(one) || recordOf(one) === recordOf(from)),
      );
      if (found) return found;
    }
    return null;
  }

  let opened = null; // a details opened by its letter, until its first control has the focus

  let pressedMeanwhile = null; // a letter that belongs to what is still being fetched

  // What is to be fetched has only its summary until it arrives; a link that goes away would take the focus with it.
  function focusFirst(details) {
    const controls = [...details.querySelectorAll(CONTROLS)].filter((one) => !one.closest("[data-until-fetched]"));
    const control = controls.find((one) => one.checkVisibility()) ?? details.querySelector("summary");
    control?.focus();
  }

  function closeDetails(details) {
    details.open = false;
    const record = recordOf(details);
    const summary = details.querySelector("summary");
    (record?.querySelector(".record__decision textarea") ?? summary).focus();
  }

  function activate(target) {
    if (!target.matches("details")) target.click();
    else if (target.open && target.contains(document.activeElement)) closeDetails(target);
    else {
      target.open = true;
      opened = target;
      focusFirst(target);
    }
  }

  document.addEventListener("htmx:load", (event) => {
    const arrived = event.detail.elt;
    if (!opened?.contains(arrived)) return;
    if (!arrived.matches("[data-focus]") && !arrived.querySelector("[data-focus]")) focusFirst(opened);
    const details = opened;
    opened = null;
    const next = pressedMeanwhile && nearest(details.querySelector("summary"), `[data-shortcut="${pressedMeanwhile}"]`);
    pressedMeanwhile = null;
    if (next && next !== details) activate(next);
  });

  // Alt + letter, Alt + ↓ and ↑; true when the key was one of them.
  function isShortcut(event) {
    if (!isPlainAlt(event)) return false;
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
    const shortcut = `[data-shortcut="${letter}"]`;
    const target = letter && (nearest(event.target, shortcut) ?? document.querySelector(`[data-shortcuts-for-all] ${shortcut}`));
    if (target) {
      activate(target);
      return true;
    }
    if (letter && opened) {
      pressedMeanwhile = letter;
      return true;
    }
    const step = { ArrowDown: 1, PageDown: 1, ArrowUp: -1, PageUp: -1 }[event.key];
    const records = step && !event.target.matches("select") ? [...document.querySelectorAll("section.record")] : [];
    if (records.length === 0) return false;
    const here = records.indexOf(recordOf(event.target));
    const next = here < 0 ? records[0] : records[here + step];
    opened = pressedMeanwhile = null;
    if (next) enterRecord(next);
    return true;
  }

  function tick(event) {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (!digit || !event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return false;
    const point = recordOf(event.target)?.querySelector(`input[data-point="${digit[1]}"]`);
    point?.click();
    return Boolean(point);
  }

  // The button of the details one writes in, where the form is larger than they are.
  function ownButton(control, isSending) {
    const details = control.matches(isSending ? "input, select, textarea" : "input") && control.closest("details[data-shortcut]");
    return details && details.closest("form") ? details.querySelector("button[type=submit]") : null;
  }

  document.addEventListener("keydown", (event) => {
    if (!event.target.closest || event.isComposing) return;
    if (isShortcut(event) || tick(event)) {
      event.preventDefault();
      return;
    }
    if (event.key !== "Alt") opened = pressedMeanwhile = null; // who types on is not moved
    if (event.key === "Escape") {
      const details = event.target.closest("details[data-shortcut][open]");
      if (details) closeDetails(details);
      return;
    }
    const form = event.target.closest("form");
    if (!form) return;
    const isSending = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    const own = event.key === "Enter" && ownButton(event.target, isSending);
    if (own || isSending) {
      event.preventDefault();
      if (own) own.click();
      else if (form.matches("[data-saves-here]") && window.htmx) window.htmx.trigger(form, "gem");
      else form.requestSubmit();
      return;
    }
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    const writing = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (!digit || event.ctrlKey || event.metaKey || event.shiftKey || (writing && !event.altKey)) return;
    const button = form.querySelectorAll("button[data-phrase]")[digit[1] - 1];
    if (button) {
      event.preventDefault();
      insertPhrase(button);
    }
  });
})();
