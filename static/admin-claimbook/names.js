// Django's autocomplete hides a labelled select behind a box without a name; this gives the box the select's label.
"use strict";

(() => {
  const name = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const box = select.nextElementSibling?.querySelector(".select2-selection");
      const words = select.labels?.[0]?.textContent.trim().replace(/:$/, "") || select.getAttribute("aria-label") ||
        select.closest("td")?.className.match(/field-(\S+)/)?.[1].replaceAll("_", " ");
      for (const one of [box, box?.querySelector(".select2-selection__rendered[role=textbox]")]) {
        if (!one || !words || one.hasAttribute("aria-label")) continue;
        one.removeAttribute("aria-labelledby"); // it names the box by what is chosen, and by nothing where nothing is
        one.setAttribute("aria-label", words);
      }
    }
    for (const field of document.querySelectorAll("td[class*='field-'] :is(select, input, textarea)")) {
      const words = field.closest("td").className.match(/field-(\S+)/)[1].replaceAll("_", " ");
      if (!field.labels?.length && !field.hasAttribute("aria-label")) field.setAttribute("aria-label", words);
    }
  };
  let waiting = 0;
  const soon = () => (waiting ||= requestAnimationFrame(() => { waiting = 0; name(); }));
  name();
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
})();
