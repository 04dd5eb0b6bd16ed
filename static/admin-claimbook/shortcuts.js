// Keyboard shortcuts of the admin. The list on the page (templates/admin/_shortcuts.html) says which there are.
"use strict";

(() => {
  const dialog = document.getElementById("shortcuts");
  if (!dialog) return;
  const rows = [...dialog.querySelectorAll("[data-keys]")];
  const PAUSE = 1200; // between the two keys of "g c"
  let before = "";
  let timer = 0;

  // The first of several selectors that leads to something on show.
  const find = (selectors) =>
    selectors
      .split(",")
      .map((one) => document.querySelector(one))
      .find((element) => element && element.getClientRects().length > 0);

  function act(row) {
    const { goes, presses, focuses } = row.dataset;
    if (goes) window.location.assign(goes);
    const element = presses || focuses ? find(presses || focuses) : null;
    if (!element) return Boolean(goes);
    if (focuses) element.focus();
    else element.click();
    return true;
  }

  function forget() {
    window.clearTimeout(timer);
    before = "";
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.metaKey || event.altKey || event.isComposing) return;
    const writing = event.target.closest("input, textarea, select, [contenteditable], [role=combobox]");
    const key = event.ctrlKey ? `Ctrl+${event.key}` : event.key;
    if (writing && key !== "Ctrl+Enter") return;
    if (event.key === "?" && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
      return forget();
    }
    if (dialog.open) return;
    const pressed = before ? `${before} ${key}` : key;
    const row = rows.find((one) => one.dataset.keys === pressed);
    if (row) {
      if (act(row)) event.preventDefault();
      return forget();
    }
    forget();
    if (rows.some((one) => one.dataset.keys.startsWith(`${key} `))) {
      before = key;
      timer = window.setTimeout(forget, PAUSE);
    }
  });

  for (const link of document.querySelectorAll("a[data-shortcuts]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  }
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
})();
