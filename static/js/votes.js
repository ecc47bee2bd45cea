/* How the voices stand while a vote is written: "7 kan stemme på punktet: 5 for, 2 imod." The server counts again.
   form[data-voters]      a ballot, and how many can vote
   [data-voices]          a row: how many voices its choice has; where it is "split", its number fields say
   [data-count]           where the count is told */
(() => {
  "use strict";

  const WORDS = { for: "for", against: "imod", abstained: "undlader" };

  function count(form) {
    const voices = { for: 0, against: 0, abstained: 0 };
    for (const row of form.querySelectorAll("[data-voices]")) {
      const stance = row.querySelector("input:checked")?.value;
      if (stance === "split") {
        for (const number of row.querySelectorAll("input[type=number]")) {
          voices[number.name.replace(/^.*_/, "")] += Math.max(0, Number.parseInt(number.value, 10) || 0);
        }
      } else if (stance) {
        voices[stance] += Number(row.dataset.voices);
      }
    }
    const able = Number(form.dataset.voters);
    const given = voices.for + voices.against + voices.abstained;
    const told = Object.entries(WORDS).filter(([stance]) => voices[stance]).map(([stance, word]) => `${voices[stance]} ${word}`);
    const place = form.querySelector("[data-count]");
    place.textContent = `${able} kan stemme på punktet: ${told.join(", ") || "ingen stemmer endnu"}.`;
    if (given !== able) place.textContent += ` Stemmerne giver ${given}.`;
    place.dataset.state = given === able ? "" : "wrong";
  }

  function countAll(root) {
    for (const form of root.querySelectorAll("form[data-voters]")) count(form);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-voters]");
    if (form) count(form);
  });
  document.addEventListener("DOMContentLoaded", () => countAll(document));
  document.addEventListener("htmx:load", (event) => countAll(event.detail.elt.parentElement ?? document));
})();
