// Django's autocomplete hides a labelled select behind a box without a name; this gives the box the select's label.
"use strict";

(() => {
  // What the column of a cell is called: its heading, which the page has in the reader's language.
  const heading = (cell) => cell?.closest("table")?.tHead?.rows[0].cells[cell.cellIndex]?.textContent.trim();

  const name = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const box = select.nextElementSibling?.querySelector(".select2-selection");
      const words = select.labels?.[0]?.textContent.trim().replace(/:$/, "") || select.getAttribute("aria-label") ||
        heading(select.closest("td"));
      for (const one of [box, box?.querySelector(".select2-selection__rendered[role=textbox]")]) {
        if (!one || !words || one.hasAttribute("aria-label")) continue;
        one.removeAttribute("aria-labelledby"); // it names the box by what is chosen, and by nothing where nothing is
        one.setAttribute("aria-label", words);
      }
      const field = box?.querySelector(".select2-search__field"); // where several may be chosen
      if (words && field && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", words);
      const clear = box?.querySelector("ul > .select2-selection__clear");
      if (clear && clear.getAttribute("role") !== "listitem") clear.setAttribute("role", "listitem"); // it stands in a list
    }
    for (const field of document.querySelectorAll("td[class*='field-'] :is(select, input, textarea)")) {
      const words = heading(field.closest("td"));
      if (words && !field.labels?.length && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", words);
    }
  };
  let waiting = 0;
  const soon = () => (waiting ||= requestAnimationFrame(() => { waiting = 0; name(); }));
  name();
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
})();
