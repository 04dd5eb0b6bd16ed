// The reading desk with a keyboard and a mouse. Everything here has a link or a form that does the same.
"use strict";

(() => {
  const desk = document.querySelector(".reading");
  if (!desk) return;
  const text = document.getElementById("reading-text");
  const cards = () => [...desk.querySelectorAll("details.card")];
  const current = () => desk.querySelector("details.card[open]");

  // --- one card in hand

  const pane = text.parentElement;

  function show(card) {
    for (const one of text.querySelectorAll("mark.current")) one.classList.remove("current");
    const words = document.getElementById(`m-${card.dataset.span}`);
    if (!words) return;
    words.classList.add("current");
    const fold = words.closest("details");
    if (fold) fold.open = true;
    const place = words.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    if (place < 40 || place > pane.clientHeight - 80) pane.scrollTop += place - pane.clientHeight / 3;
  }

  function take(card) {
    if (!card) return;
    for (const other of cards()) other.open = other === card;
    show(card);
    card.querySelector("summary").focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = cards();
    const at = all.indexOf(current());
    take(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  const press = (selector) => current()?.querySelector(selector)?.click();

  text.addEventListener("click", (event) => {
    const link = event.target.closest("mark a");
    const name = link?.hash.replace("#card-", "");
    const card = name && document.getElementById(`card-${name}`);
    if (!card || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    take(card);
  });

  for (const card of cards()) {
    card.querySelector("summary").addEventListener("click", () => show(card));
  }

  // --- words selected in the text, counted in code points: a string here counts UTF-16

  const length = (string) => [...string].length;

  function offset(node, at) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const line = element.closest("[data-start]");
    if (!line || !text.contains(line)) return null;
    const before = document.createRange();
    before.setStart(line, 0);
    before.setEnd(node, at);
    return Number(line.dataset.start) + length(before.toString());
  }

  function selected() {
    const chosen = window.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    const first = offset(range.startContainer, range.startOffset);
    const last = offset(range.endContainer, range.endOffset);
    if (first === null || last === null) return null;
    const words = range.toString();
    const start = first + length(words) - length(words.trimStart());
    const end = last - (length(words) - length(words.trimEnd()));
    return start < end ? { start, end, words: words.trim() } : null;
  }

  const form = document.getElementById("reading-words");
  const field = form.elements.words;
  const button = form.querySelector("button");
  let span = null;

  function follow() {
    const chosen = selected();
    if (!chosen) return;
    span = chosen;
    field.value = chosen.words;
    form.classList.add("chosen");
  }

  function claimOf(chosen) {
    const address = new URL(window.location.href);
    for (const name of ["at", "words", "who"]) address.searchParams.delete(name);
    address.searchParams.set("new", `${chosen.start}-${chosen.end}`);
    address.hash = ""; // the form takes the keyboard, which an anchor would keep
    window.location.assign(address);
  }

  document.addEventListener("selectionchange", follow);
  field.addEventListener("input", () => {
    span = null;
    form.classList.remove("chosen");
  });
  form.addEventListener("submit", (event) => {
    if (!span) return;
    event.preventDefault();
    claimOf(span);
  });

  // --- choices that take effect at once

  for (const select of desk.querySelectorAll("select[data-submits]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
    select.parentElement.classList.add("at-once");
  }
  const again = desk.querySelector("[data-again]");
  if (again) {
    again.hidden = true;
    again.form.elements.property.addEventListener("change", () => again.form.requestSubmit(again));
  }

  // --- keys

  const keys = {
    n: () => step(1),
    j: () => step(1),
    p: () => step(-1),
    k: () => step(-1),
    a: () => press("[data-accepts]"),
    s: () => press("[data-skips]"),
    e: () => {
      const chosen = selected();
      if (chosen) claimOf(chosen);
      else press("[data-edits]");
    },
    "?": () => {
      const help = desk.querySelector(".reading-legend");
      help.open = !help.open;
      if (help.open) help.querySelector("summary").focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const now = current();
  if (now) show(now);
  if (document.getElementById("reading-form")) return; // it has the keyboard
  if (now?.querySelector("summary[autofocus]")) now.scrollIntoView({ block: "nearest" });
})();
