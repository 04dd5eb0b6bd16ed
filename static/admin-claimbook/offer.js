// Sources by name where one is asked for by its ref: what is typed is looked up, and the ref of the one chosen is filled in.
"use strict";

(() => {
  const WAIT = 250;
  for (const field of document.querySelectorAll("[data-offers]")) {
    const list = document.createElement("datalist");
    list.id = `${field.id}-offered`;
    field.after(list);
    field.setAttribute("list", list.id);
    let waiting = 0;

    async function ask() {
      const typed = field.value.trim();
      if (typed.length < 2 || [...list.options].some((one) => one.value === typed)) return;
      const address = new URL(field.dataset.offers, window.location.href);
      address.searchParams.set("q", typed);
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        if (!answer.ok || field.value.trim() !== typed) return;
        const { sources } = await answer.json();
        list.replaceChildren(...sources.map(({ ref, label }) => new Option(label, ref)));
      } catch {
        list.replaceChildren(); // offline: a ref may still be typed
      }
    }

    field.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(ask, WAIT);
    });
  }
})();
