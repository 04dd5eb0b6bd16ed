// A claim's form follows its property: fields for other kinds of value step aside, and the terms it asks for come first.
// Without a script the form does the same each time it is opened or sent.
"use strict";

(() => {
  const marker = document.querySelector("[data-takes]");
  const property = document.getElementById("id_property");
  if (!marker || !property) return;
  const form = property.form;

  const ROWS = { amount: ".field-amount, .field-lower_bound", entity: ".field-value_entity", time: ".field-value_time", text: ".field-value_text" };
  const filled = (row) =>
    [...row.querySelectorAll("input:not([type=hidden]), textarea, select:not([name=comparator])")].some((field) => field.value.trim());

  // What somebody has typed is never hidden: it is theirs to take out.
  function show(kind) {
    const others = Object.keys(ROWS).filter((one) => one !== kind);
    const typed = others.some((one) => [...form.querySelectorAll(ROWS[one].replaceAll(".field", ".form-row.field"))].some(filled));
    marker.dataset.takes = typed ? "" : kind;
  }

  function offer(groups) {
    for (const select of form.querySelectorAll("select[name^='scope-'][name$='-term']")) {
      const chosen = select.value;
      const options = groups.map(([title, terms]) => {
        const group = document.createElement("optgroup");
        group.label = title;
        group.append(...terms.map(([key, term]) => new Option(term, key)));
        return group;
      });
      select.replaceChildren(select.options[0].cloneNode(true), ...options);
      select.value = chosen;
    }
  }

  async function follow() {
    const key = property.value;
    if (!key) {
      marker.dataset.takes = "";
      return;
    }
    try {
      const answer = await fetch(marker.dataset.asks.replace("/0/", `/${key}/`), { headers: { Accept: "application/json" } });
      if (!answer.ok || property.value !== key) return;
      const asked = await answer.json();
      show(asked.takes);
      offer(asked.terms);
    } catch {
      // offline: all fields stay, and the server says what does not fit
    }
  }

  const ready = () => window.django?.jQuery?.(property).on("change", follow); // pickers tell only jQuery
  if (document.readyState === "complete") ready();
  else window.addEventListener("load", ready);
})();
