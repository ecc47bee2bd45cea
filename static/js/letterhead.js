/* The picture of the letterhead follows what is typed, before it is saved. The page works without it.
   [data-letterhead=#rrggbb]  the picture, and its colour as it is kept
   [data-from=name]           shows what stands in the form's field of that name, a line for each */
(() => {
  "use strict";

  const picture = document.querySelector("[data-letterhead]");
  const form = document.querySelector("form[enctype]");
  if (!picture || !form) return;

  function paint(colour) {
    picture.style.setProperty("--letterhead-accent", colour);
    picture.querySelector("rect").setAttribute("fill", colour);
  }

  function lines(texts) {
    return texts.map((text) => {
      const line = document.createElement("p");
      line.textContent = text;
      return line;
    });
  }

  // As kit/templatetags/papers.py divides them: an empty line between those who sign, and a greeting signs nothing.
  function sign(text) {
    const place = picture.querySelector(".letterhead__signature");
    const blocks = text.split(/\n\s*\n/).map((block) => block.split("\n").filter((line) => line.trim()));
    const greets = /(?:hilsen|hilsner)[ ,.]*$/i.test(blocks[0][0] ?? "");
    const greeting = greets ? lines([blocks[0].shift()]) : [];
    for (const line of greeting) line.className = "letterhead__greeting";
    const signers = blocks.filter((block) => block.length).map((block) => {
      const signer = document.createElement("div");
      signer.className = "letterhead__signer";
      signer.append(...lines(block));
      return signer;
    });
    place.replaceChildren(...greeting, ...signers);
  }

  function follow(field) {
    if (field.name === "signature") return sign(field.value);
    if (field.name === "accent") {
      const digits = field.value.trim().replace(/^#?/, "#");
      if (!/^#(?:[0-9a-f]{3}){1,2}$/i.test(digits)) return;
      paint(digits);
    }
    const place = picture.querySelector(`[data-from="${field.name}"]`);
    if (place?.tagName === "DIV") place.replaceChildren(...lines(field.value.split("\n").filter((line) => line.trim())));
    else if (place) place.textContent = field.value;
  }

  // A picture chosen is shown before it is sent; an <img> runs nothing that stands in it.
  function showLogo(file) {
    const place = picture.querySelector(".letterhead__logo");
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      const image = new Image();
      image.alt = "";
      image.src = reader.result;
      place.replaceChildren(image);
    });
    reader.readAsDataURL(file);
  }

  paint(picture.dataset.letterhead);
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") showLogo(event.target.files[0]);
    else if (event.target.name === "drops_logo") picture.querySelector(".letterhead__logo").hidden = event.target.checked;
    else follow(event.target);
  });
})();
