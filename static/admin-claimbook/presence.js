// Tells the desk every half minute that this form is open, and shows who else has it open.
"use strict";

(() => {
  const here = document.getElementById("desk-presence");
  const form = here?.closest("form");
  if (!form) return;
  const EVERY = 30_000;
  const line = (name) => here.querySelector(`[data-when='${name}']`);

  const body = (extra) =>
    new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, ...extra });

  function show(name, words) {
    const one = line(name);
    if (words && one.querySelector("b").textContent !== words) one.querySelector("b").textContent = words;
    one.hidden = !words;
  }

  async function tell() {
    let answer;
    try {
      answer = await fetch(here.dataset.url, { method: "POST", body: body({}), redirect: "manual" });
    } catch {
      return; // no network: the next beat will tell
    }
    line("out").hidden = answer.type !== "opaqueredirect" && answer.status !== 403;
    if (!answer.ok) return;
    const found = await answer.json();
    show("others", found.others.join(", "));
    const mine = Number(form.elements.version?.value || 0);
    show("newer", found.version > mine ? String(found.version) : "");
  }

  let beat = setInterval(tell, EVERY);
  document.addEventListener("visibilitychange", () => {
    clearInterval(beat);
    if (document.hidden) return;
    tell();
    beat = setInterval(tell, EVERY);
  });
  window.addEventListener("pagehide", () => {
    fetch(here.dataset.url, { method: "POST", body: body({ leaving: "1" }), keepalive: true, redirect: "manual" }).catch(
      () => {},
    );
  });
})();
