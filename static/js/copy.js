/* Copying a text with its headings, lists and tables into another system; without JavaScript one marks it and copies as ever.
   [data-copying]                 the whole: each part in it stands under the nearest h2
   button[data-copies=id]         copies what has the id, or (empty) all of them with their headings
   [data-copied]                  beside the button: tells that it is done
   textarea[data-copy-as=list]    what is written in it becomes a numbered list, a point a line; other fields become paragraphs */
(() => {
  "use strict";

  const KEPT = ["value", "start", "scope"];
  const LEFT_OUT = "svg, button, label, .form-hint, .form-error-message, .sr-only";
  const MARK = /^(?:\d+[.)]|[-–•*])\s+/;

  const make = (name, text = "") => Object.assign(document.createElement(name), { textContent: text });
  const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

  // What somebody has written, as the elements it is to become.
  function written(control) {
    if (control.dataset.copyAs === "list") {
      const points = linesOf(control.value).map((line) => make("li", line.replace(MARK, "")));
      if (!points.length) return [];
      const list = make("ol");
      list.append(...points);
      return [list];
    }
    return control.value.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => {
      const paragraph = make("p");
      linesOf(part).forEach((line, number) => paragraph.append(...(number ? [make("br"), line] : [line])));
      return paragraph;
    });
  }

  function dropGaps(parent) {
    for (const child of [...parent.childNodes]) if (child.nodeType !== Node.ELEMENT_NODE && !child.data.trim()) child.remove();
  }

  // The part as plain elements: what is only for the screen, and all that the other system would not know, is left out.
  function plain(part) {
    const copy = part.cloneNode(true);
    const controls = [...part.querySelectorAll("input, textarea")];
    [...copy.querySelectorAll("input, textarea")].forEach((control, number) => control.replaceWith(...written(controls[number])));
    for (const one of copy.querySelectorAll(LEFT_OUT)) one.remove();
    for (const one of copy.querySelectorAll(".note-lead")) {
      const strong = make("strong");
      strong.append(...one.childNodes);
      one.append(strong);
    }
    for (const one of [...copy.querySelectorAll("section, div, span")]) one.replaceWith(...one.childNodes);
    for (const one of [copy, ...copy.querySelectorAll("ul, ol, li, table, thead, tbody, tr, blockquote")]) dropGaps(one);
    for (const one of copy.querySelectorAll("*")) {
      for (const name of one.getAttributeNames()) if (!KEPT.includes(name)) one.removeAttribute(name);
    }
    return copy;
  }

  // The same as text: lists keep their numbers, tables their columns.
  function textOf(node, depth = 0) {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
    const inner = () => [...node.childNodes].map((child) => textOf(child, depth)).join("");
    const name = node.localName;
    if (name === "br") return "\n";
    if (name === "ul" || name === "ol") {
      let number = 0;
      const points = [...node.children].map((item) => {
        number = item.value || number + 1;
        const mark = name === "ol" ? `${number}. ` : "- ";
        const text = [...item.childNodes].map((child) => textOf(child, depth + 1)).join("");
        return `${"   ".repeat(depth)}${mark}${text.trim().replace(/\n+/g, `\n${"   ".repeat(depth + 1)}`)}\n`;
      });
      return `\n${points.join("")}\n`;
    }
    if (name === "tr") return `${[...node.children].map((cell) => textOf(cell).trim()).join("\t")}\n`;
    if (["thead", "tbody"].includes(name)) return inner();
    if (name === "table") return `${inner()}\n`;
    if (/^h[1-6]$/.test(name)) return `\n${inner().trim()}\n`;
    return /^(p|caption|blockquote)$/.test(name) ? `${inner().trim()}\n\n` : inner();
  }

  function gather(button) {
    const found = make("div");
    if (button.dataset.copies) {
      found.append(...plain(document.getElementById(button.dataset.copies)).childNodes);
      return found;
    }
    for (const other of button.closest("[data-copying]").querySelectorAll("[data-copies]:not([data-copies=''])")) {
      const part = document.getElementById(other.dataset.copies);
      found.append(make("h2", document.getElementById(part.parentElement.getAttribute("aria-labelledby")).textContent));
      found.append(...plain(part).childNodes);
    }
    return found;
  }

  // Where the page is not served securely, the browser has only the old way.
  function putTheOldWay(html, text) {
    let done = false;
    const put = (event) => {
      event.clipboardData.setData("text/html", html);
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
      done = true;
    };
    document.addEventListener("copy", put, { once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", put);
    return done;
  }

  async function put(html, text) {
    try {
      const forms = { "text/html": html, "text/plain": text };
      const blobs = Object.entries(forms).map(([type, content]) => [type, new Blob([content], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      return true;
    } catch {
      return putTheOldWay(html, text);
    }
  }

  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const found = gather(button);
      const told = button.parentElement.querySelector("[data-copied]");
      const text = textOf(found).replace(/[ \t]+\n/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
      for (const other of document.querySelectorAll("[data-copied]")) other.textContent = "";
      if (!text) told.textContent = "Der er intet at kopiere endnu.";
      else if (await put(found.innerHTML.trim(), text)) told.textContent = "Kopieret";
      else told.textContent = "Kunne ikke kopieres. Markér teksten, og kopiér den selv.";
    });
  }
})();
