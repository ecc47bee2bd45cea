/* Quoting what is marked: words marked with the mouse or the keyboard in an answer ([data-answer]) can be quoted by the button that
   then shows below it ([data-cite-marked]), or by Alt + C. Without this script every sentence has its own button. */
(() => {
  "use strict";

  const answerOf = (node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("[data-answer]");

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const answer = answerOf(selection.anchorNode);
    const text = answer && answer === answerOf(selection.focusNode) ? selection.toString().trim() : "";
    for (const button of document.querySelectorAll("[data-cite-marked]")) {
      button.hidden = !text || button.value !== answer.dataset.answer;
      if (!button.hidden) button.form.elements.namedItem("marked").value = text;
    }
  });

  // A button that is pressed must not take away what it quotes.
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-cite-marked]")) event.preventDefault();
  });
})();
