// A queue with the keyboard: j and k go from box to box, x ticks all of the page or none. The link does the same without.
"use strict";

(() => {
  const link = document.querySelector("a[data-chooses]");
  if (!link) return;
  const boxes = [...document.querySelectorAll(".queue-rows input[type=checkbox]")];

  function all() {
    const ticked = !boxes.every((one) => one.checked);
    for (const one of boxes) one.checked = ticked;
  }

  function step(by) {
    const at = boxes.indexOf(document.activeElement);
    const next = at < 0 && by < 0 ? boxes.length - 1 : Math.min(Math.max(at + by, 0), boxes.length - 1);
    boxes[next].focus();
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    all();
  });

  const keys = { j: () => step(1), k: () => step(-1), x: all };
  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    if (event.target.closest("textarea, select, dialog, input:not([type=checkbox])")) return;
    const act = keys[event.key];
    if (!act || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act();
  });
})();
