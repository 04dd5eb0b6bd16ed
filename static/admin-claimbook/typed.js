// How a typed figure or date is read, said below it while it is typed. The server says the same when it is sent.
"use strict";

(() => {
  const WAIT = 300;
  const sources = (form) =>
    [form.dataset.source, ...[...form.querySelectorAll("select[name^='evidence-'][name$='-source']")].map((one) => one.value)].filter(Boolean);

  async function ask(field, output) {
    const address = new URL(output.dataset.address, window.location.href);
    address.searchParams.set("kind", field.dataset.typed);
    address.searchParams.set("text", field.value);
    for (const key of sources(field.form)) address.searchParams.append("source", key);
    const text = field.value;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok || field.value !== text) return;
      const { said, asks } = await answer.json();
      output.textContent = asks || said || "";
      output.classList.toggle("asks", Boolean(asks));
    } catch {
      output.textContent = ""; // offline: the server reads it when it is sent
    }
  }

  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-typed]");
    const output = field?.parentElement.querySelector("output.reads-as");
    if (!output) return;
    window.clearTimeout(field.waiting);
    field.waiting = window.setTimeout(() => ask(field, output), WAIT);
  });
})();
