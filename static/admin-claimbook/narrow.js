// A long list of boxes, narrowed to those whose words hold what is typed. What is ticked stays in sight, and stays ticked.
"use strict";

(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function narrow(field) {
    const rows = [...document.getElementById(field.dataset.narrows).children];
    const wanted = plain(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const words = plain(row.textContent);
      row.hidden = !row.querySelector("input:checked") && !wanted.every((one) => words.includes(one));
      shown += !row.hidden;
    }
    field.parentElement.querySelector("output").textContent = wanted.length ? `${shown} / ${rows.length}` : "";
  }

  for (const field of document.querySelectorAll("[data-narrows]")) {
    field.closest(".narrow").hidden = false;
    field.addEventListener("input", () => narrow(field));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // it does not send the form
    });
  }
})();
