/* Nothing written is lost: neither by leaving, nor by a lost connection, nor by a fault.
   form[data-guard]       asks before one leaves the page with unsaved text
   textarea[data-keep]    (or an input) is kept in this tab until its form is saved or its writer logs out (form[data-forget])
   form[data-keep=device] all its answers ("…-text") are kept on the device until they are saved, also when the tab or the phone is
                          closed; under the name [data-keep-as], so that every link to the same form finds them
   [data-handed-in=nonce] is the receipt of what was handed in (with [data-keep-as]): then the device forgets it
   [data-save-state]      in a form says, politely, how it stands with the saving; what failed is sent again when the network is back
   a[data-after-saving]   leads to what is made of the text: it waits until a form[data-saves-here] has saved
   [data-fault]           marks a page that tells of a fault, after which kept text must survive */
(() => {
  "use strict";

  const PREFIX = "kladde:";
  const SENT = "kladde-sendt";
  const OFFLINE = "Ikke gemt: forbindelsen er væk. Teksten står her stadig; prøv igen.";
  const FAULT = "Ikke gemt: serveren kunne ikke svare. Teksten står her stadig; prøv igen.";
  const REFUSED = "Ikke gemt: det har du ikke adgang til lige nu. Teksten står her stadig.";
  const LOGGED_OUT = "Ikke gemt: du er logget ud. Log ind i et andet faneblad, og gem igen her.";

  const RETRY = 15_000; // milliseconds; a phone does not always tell when the network is back

  const viewer = () => document.querySelector("form[data-forget]")?.dataset.forget ?? "";
  const isOnDevice = (form) => form?.dataset.keep === "device";
  const keyOf = (text) =>
    isOnDevice(text.form)
      ? `${PREFIX}${text.form.dataset.keepAs}:${text.name}`
      : `${PREFIX}${viewer()}:${location.pathname}:${text.id || text.name}`;
  const KEPT = ":is(textarea, input)[data-keep], form[data-keep=device] [name$='-text']";
  // One of each name: of a choice between answers the first stands for all.
  const keptIn = (root) => [
    ...new Map([...root.querySelectorAll(KEPT)].map((text) => [keyOf(text), text])).values(),
  ];
  const keysOf = (form) => keptIn(form).map(keyOf);
  const storeOf = (text) => (isOnDevice(text.form) ? localStorage : sessionStorage);
  const valueOf = (text) => text.form.elements.namedItem(text.name).value;
  // The revision a text was written over: "revision" beside "text", "status-2-revision" beside "status-2-text".
  const revisionOf = (text) => text.form.elements.namedItem(text.name.replace(/[^-]*$/, "revision"));
  const forget = (keys) => {
    for (const store of [sessionStorage, localStorage]) keys.forEach((key) => store.removeItem(key));
  };

  function keep(text) {
    try {
      storeOf(text).setItem(keyOf(text), JSON.stringify([valueOf(text), revisionOf(text)?.value]));
    } catch {
      // No room: the text still stands on the page, and is saved from there.
    }
  }

  const keptOf = (text) => JSON.parse(storeOf(text).getItem(keyOf(text)) ?? "[]");

  function say(form, message, state) {
    const place = form.querySelector("[data-save-state]");
    if (!place) return;
    place.textContent = message;
    place.dataset.state = state;
  }

  /* -- Unsaved text ------------------------------------------------------------------------------------------------ */

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-guard]")) form.dataset.dirty = "";
    if (form && event.target.matches(KEPT)) {
      keep(event.target);
      say(form, "Ikke gemt endnu.", "unsaved");
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-dirty]")) event.preventDefault();
  });

  function restore(root, overRevision = true) {
    for (const text of keptIn(root)) {
      const [kept, revision] = keptOf(text);
      if (kept === undefined) continue;
      if (kept === valueOf(text)) {
        if (isOnDevice(text.form)) forget([keyOf(text)]); // saved, though this browser was not told
        continue;
      }
      text.form.elements.namedItem(text.name).value = kept;
      // The text was written over this revision: if another has been saved since, the server will show both.
      if (overRevision && revision !== undefined && revisionOf(text)) revisionOf(text).value = revision;
      if (text.form.matches("[data-guard]")) text.form.dataset.dirty = "";
      say(text.form, "Her er teksten, du ikke nåede at gemme.", "unsaved");
      if (isOnDevice(text.form)) unsent.add(text.form);
    }
  }

  const unsent = new Set(); // what an earlier visit did not get sent, until htmx can send it
  const saveNow = (form) => window.htmx.trigger(form, "gem");

  // Who turns to another app may never come back to this one.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden") return;
    for (const form of document.querySelectorAll("form[data-keep=device]")) {
      if (keptIn(form).some((text) => keptOf(text).length > 0)) saveNow(form);
    }
  });

  // A form that comes back with a fault, or with another's text, holds what was sent; what was typed since is put on top.
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) restore(event.detail.elt, false);
    for (const form of unsent) saveNow(form);
    unsent.clear();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    delete form.dataset.dirty;
    if (form.matches("[data-forget]")) {
      forget(Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)));
    } else if (isOnDevice(form)) {
      const sent = [form.elements.namedItem("nonce").value, keysOf(form)];
      localStorage.setItem(`${SENT}:${form.dataset.keepAs}`, JSON.stringify(sent));
    } else if (!event.defaultPrevented && !form.matches("[data-gives-file]")) {
      sessionStorage.setItem(SENT, JSON.stringify(keysOf(form))); // an ordinary post: the next page tells how it went
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    if (arrived && !document.querySelector("[data-fault]")) {
      forget(JSON.parse(sessionStorage.getItem(SENT) ?? "[]"));
      sessionStorage.removeItem(SENT);
    }
    const receipt = document.querySelector("[data-handed-in]");
    if (receipt) forgetHandedIn(receipt.dataset.keepAs, receipt.dataset.handedIn);
    restore(document);
  });

  // What was handed in is forgotten when the receipt of that very submit is seen; what was typed on another device is not.
  function forgetHandedIn(name, nonce) {
    const place = `${SENT}:${name}`;
    const [sent, keys] = JSON.parse(localStorage.getItem(place) ?? "[]");
    if (sent === nonce) forget([...keys, place]);
  }

  /* -- Saving with htmx -------------------------------------------------------------------------------------------- */

  // What is sent stands in a form; what its answer replaces may be more than that.
  const formOf = (event) => (event.detail.requestConfig?.elt ?? event.detail.elt).closest("form");

  const again = new Map(); // what could not be sent → the button it was sent with

  function failed(form, message) {
    form.dataset.dirty = "";
    say(form, message, "failed");
  }

  // Only what was sent is saved; what was typed while the answer was under way is not.
  function saved(form, sent) {
    const texts = keptIn(form);
    const settled = texts.filter((text) => valueOf(text) === (sent.get(text.name) ?? "").replaceAll("\r\n", "\n"));
    forget(settled.map(keyOf));
    if (settled.length === texts.length) delete form.dataset.dirty;
  }

  // The same once more, and never more than that: a draft that failed is sent as a draft.
  function resend(element, submitter) {
    if (submitter) submitter.click();
    else if (isOnDevice(element) || element.matches("[data-saves-here]")) saveNow(element);
    else if (element.matches("form")) element.requestSubmit();
    else if (element.matches("button")) element.click();
    else window.htmx.trigger(element, "input");
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (form) say(form, "Gemmer …", "saving");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = formOf(event);
    if (!form || form.method !== "post") return;
    if (new URL(event.detail.xhr.responseURL || location.href).pathname === "/log-ind/") {
      event.detail.shouldSwap = false;
      failed(form, LOGGED_OUT);
    } else if (event.detail.xhr.status < 400) {
      saved(form, event.detail.requestConfig.formData);
    }
  });
  // Saved, and on to another page: nothing is swapped in here.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = formOf(event);
    if (form && event.detail.xhr.getResponseHeader("HX-Redirect")) saved(form, event.detail.requestConfig.formData);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const form = formOf(event);
      if (!form) return;
      failed(form, OFFLINE);
      again.set(event.detail.elt, event.detail.requestConfig?.triggeringEvent?.submitter);
      if (isOnDevice(form)) setTimeout(sendAgain, RETRY);
    });
  }
  document.addEventListener("htmx:responseError", (event) => {
    if (formOf(event)) failed(formOf(event), event.detail.xhr.status < 500 ? REFUSED : FAULT);
  });
  let onwards; // the link that waits, and whether it was to open beside this page
  function waitToGo(event) {
    const link = event.target.closest?.("a[data-after-saving]");
    const form = document.querySelector("form[data-saves-here][data-dirty]");
    if (!link || !form || event.button > 1 || event.altKey) return; // the menu, and a download, are the browser's own
    event.preventDefault();
    onwards = { link, isBeside: event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey };
    saveNow(form);
  }
  document.addEventListener("click", waitToGo);
  document.addEventListener("auxclick", waitToGo); // the middle button
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    if (!onwards || !form) return;
    const isSaved = !("dirty" in form.dataset);
    if (!isSaved && event.detail.successful) return; // more was typed: that is on its way
    const { link, isBeside } = onwards;
    onwards = undefined;
    if (isSaved && isBeside) window.open(link.href, "_blank", "noopener");
    else if (isSaved) link.click();
  });

  function sendAgain() {
    const waiting = [...again].filter(([element]) => document.contains(element));
    again.clear();
    for (const [element, submitter] of waiting) resend(element, submitter);
  }
  window.addEventListener("online", sendAgain);

  // What was typed while the answer was under way was written over what that answer tells of.
  document.addEventListener("htmx:afterSettle", (event) => {
    const form = event.detail.elt.closest?.("form[data-keep=device]");
    for (const text of form ? keptIn(form) : []) if (keptOf(text)[0] === valueOf(text)) keep(text);
  });
})();
