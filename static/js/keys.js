/* Keys as the second factor (WebAuthn): asks the browser, and puts its answer into the form, which is then sent as any other.
   form[data-key-question]   what is asked, as JSON; data-key-is=new for a key that is to be added
   button[data-key]          asks; hidden until there is somebody to ask
   [data-key-missing]        says what to do without; hidden once there is
   [data-key-told]           says why nothing came of it
   input[name=credential]    takes the answer */
(() => {
  "use strict";

  const TOLD = {
    NotAllowedError: "Nøglen blev ikke brugt: der blev trykket annullér, eller det tog for lang tid. Prøv igen.",
    InvalidStateError: "Den nøgle er tilføjet i forvejen. Brug en anden.",
    SecurityError: "Nøgler virker ikke på denne adresse.",
  };
  const OTHERWISE = "Nøglen kunne ikke bruges. Prøv igen, eller brug en kode.";

  function bytes(text) {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  function text(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  }

  function read(question) {
    const asked = JSON.parse(question).publicKey;
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    for (const list of [asked.excludeCredentials, asked.allowCredentials]) for (const key of list ?? []) key.id = bytes(key.id);
    return { publicKey: asked };
  }

  function written(key) {
    const response = {};
    for (const name of ["attestationObject", "authenticatorData", "clientDataJSON", "signature"]) {
      if (key.response[name]) response[name] = text(key.response[name]);
    }
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {} });
  }

  async function ask(form, told) {
    told.textContent = "";
    const question = read(form.dataset.keyQuestion);
    try {
      const isNew = form.dataset.keyIs === "new";
      const key = await (isNew ? navigator.credentials.create(question) : navigator.credentials.get(question));
      form.elements.credential.value = written(key);
    } catch (fault) {
      told.textContent = TOLD[fault.name] ?? OTHERWISE;
      return;
    }
    form.requestSubmit();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form[data-key-question]");
    if (!form || !window.PublicKeyCredential) return;
    const button = form.querySelector("[data-key]");
    button.hidden = false;
    form.querySelector("[data-key-missing]").hidden = true;
    button.addEventListener("click", () => ask(form, form.querySelector("[data-key-told]")));
    // Enter in a field presses the one button there is.
    if (form.dataset.keyIs !== "new") return;
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("input")) return;
      event.preventDefault();
      button.click();
    });
  });
})();
