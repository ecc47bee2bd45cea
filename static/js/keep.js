/* Nothing written is lost: neither by leaving, nor by a lost connection, nor by a fault.
   form[data-guard]       asks before one leaves the page with unsaved text
   textarea[data-keep]    is kept in this tab until its form is saved or its writer logs out (form[data-forget])
   [data-save-state]      in a form says, politely, how it stands with the saving; what failed is sent again when the network is back
   [data-fault]           marks a page that tells of a fault, after which kept text must survive */
(() => {
  "use strict";

  const PREFIX = "kladde:";
  const SENT = "kladde-sendt";
  const OFFLINE = "Ikke gemt: forbindelsen er væk. Teksten står her stadig; prøv igen.";
  const FAULT = "Ikke gemt: serveren kunne ikke svare. Teksten står her stadig; prøv igen.";
  const REFUSED = "Ikke gemt: det har du ikke adgang til lige nu. Teksten står her stadig.";
  const LOGGED_OUT = "Ikke gemt: du er logget ud. Log ind i et andet faneblad, og gem igen her.";

  const viewer = () => document.querySelector("form[data-forget]")?.dataset.forget ?? "";
  const keyOf = (text) => `${PREFIX}${viewer()}:${location.pathname}:${text.id || text.name}`;
  const keysOf = (form) => [...form.querySelectorAll("textarea[data-keep]")].map(keyOf);
  // The revision a text was written over: "revision" beside "text", "status-2-revision" beside "status-2-text".
  const revisionOf = (text) => text.form.elements.namedItem(text.name.replace(/[^-]*$/, "revision"));
  const forget = (keys) => keys.forEach((key) => sessionStorage.removeItem(key));

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
    if (form && event.target.matches("textarea[data-keep]")) {
      sessionStorage.setItem(keyOf(event.target), JSON.stringify([event.target.value, revisionOf(event.target)?.value]));
      say(form, "Ikke gemt endnu.", "unsaved");
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-dirty]")) event.preventDefault();
  });

  function restore(root, overRevision = true) {
    for (const text of root.querySelectorAll("textarea[data-keep]")) {
      const [kept, revision] = JSON.parse(sessionStorage.getItem(keyOf(text)) ?? "[]");
      if (kept === undefined || kept === text.value) continue;
      text.value = kept;
      // The text was written over this revision: if another has been saved since, the server will show both.
      if (overRevision && revision !== undefined && revisionOf(text)) revisionOf(text).value = revision;
      if (text.form.matches("[data-guard]")) text.form.dataset.dirty = "";
      say(text.form, "Her er teksten, du ikke nåede at gemme.", "unsaved");
    }
  }

  // A form that comes back with a fault, or with another's text, holds what was sent; what was typed since is put on top.
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) restore(event.detail.elt, false);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    delete form.dataset.dirty;
    if (form.matches("[data-forget]")) {
      forget(Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)));
    } else if (!event.defaultPrevented) {
      sessionStorage.setItem(SENT, JSON.stringify(keysOf(form))); // an ordinary post: the next page tells how it went
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    const arrived = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    if (arrived && !document.querySelector("[data-fault]")) {
      forget(JSON.parse(sessionStorage.getItem(SENT) ?? "[]"));
      sessionStorage.removeItem(SENT);
    }
    restore(document);
  });

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
    const texts = [...form.querySelectorAll("textarea[data-keep]")];
    const settled = texts.filter((text) => text.value === sent.get(text.name)?.replaceAll("\r\n", "\n"));
    forget(settled.map(keyOf));
    if (settled.length === texts.length) delete form.dataset.dirty;
  }

  // The same once more, and never more than that: a draft that failed is sent as a draft.
  function resend(element, submitter) {
    if (submitter) submitter.click();
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
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (!formOf(event)) return;
      failed(formOf(event), OFFLINE);
      again.set(event.detail.elt, event.detail.requestConfig?.triggeringEvent?.submitter);
    });
  }
  document.addEventListener("htmx:responseError", (event) => {
    if (formOf(event)) failed(formOf(event), event.detail.xhr.status < 500 ? REFUSED : FAULT);
  });
  window.addEventListener("online", () => {
    const waiting = [...again].filter(([element]) => document.contains(element));
    again.clear();
    for (const [element, submitter] of waiting) resend(element, submitter);
  });
})();
