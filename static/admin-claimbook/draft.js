// A form's text is kept in this browser until it is saved: through a crash, a lost network, an expired login.
// One draft for each user, thing and version read. Nothing leaves the device.
"use strict";

(() => {
  const PREFIX = "claimbook-draft";
  const KEPT = 30 * 24 * 3600 * 1000;
  const PAUSE = 400; // milliseconds without a key before the draft is written

  const store = (() => {
    try {
      localStorage.setItem(PREFIX, "");
      localStorage.removeItem(PREFIX);
      return localStorage;
    } catch {
      return null; // switched off, or full: the form works without
    }
  })();
  if (!store) return;

  const drafts = () => Object.keys(store).filter((key) => key.startsWith(`${PREFIX}:`));

  const draftAt = (key) => {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  };

  function forgetOld() {
    for (const key of drafts()) {
      const draft = draftAt(key);
      if (!draft || Date.now() - Date.parse(draft.at) > KEPT) store.removeItem(key);
    }
  }

  // The server names the form that it has saved in a cookie, whichever page comes next.
  function forgetSaved() {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith("desk_saved="));
    if (!cookie) return;
    const saved = decodeURIComponent(cookie.slice("desk_saved=".length)).replaceAll('"', "");
    for (const key of drafts()) if (key.endsWith(`:${saved}`)) store.removeItem(key);
    const home = document.querySelector("#site-name a")?.pathname || "/";
    document.cookie = `desk_saved=; path=${home}; max-age=0; samesite=lax`;
  }

  forgetOld();
  forgetSaved();

  const notice = document.getElementById("desk-draft");
  const form = notice?.closest("form");
  if (!form) return;

  const version = form.elements.version;
  const place = `${PREFIX}:${notice.dataset.user}:${notice.dataset.place}`;
  const key = () => `${place}:${version ? version.value : ""}`;

  // --- what is in the form

  const ours = (field) =>
    field.name &&
    !field.name.includes("__prefix__") &&
    !/^(csrfmiddlewaretoken|version|draft_place|their_version)$|^choice\.|_FORMS$/.test(field.name) &&
    !["submit", "button", "file", "password", "image"].includes(field.type) &&
    !/^_/.test(field.name);

  const fields = () => [...form.elements].filter(ours);
  const isTick = (field) => field.type === "checkbox" || field.type === "radio";

  function read() {
    const values = {};
    const words = {}; // what the chosen options of pickers are called
    for (const field of fields()) {
      values[field.name] ??= [];
      if (isTick(field)) {
        if (field.checked) values[field.name].push(field.value);
      } else if (field.tagName === "SELECT") {
        for (const option of field.selectedOptions) {
          values[field.name].push(option.value);
          words[field.name] = { ...words[field.name], [option.value]: option.text };
        }
      } else {
        values[field.name].push(field.value);
      }
    }
    const rows = {};
    for (const total of form.querySelectorAll("input[name$='-TOTAL_FORMS']")) {
      rows[total.name.replace("-TOTAL_FORMS", "")] = Number(total.value);
    }
    return { values, words, rows };
  }

  const told = (content) => JSON.stringify([content.values, content.rows]);

  let untouched = told(read());
  let busy = false;

  function keep() {
    if (busy) return;
    const content = read();
    if (told(content) === untouched && !("bound" in notice.dataset)) {
      store.removeItem(key());
      return;
    }
    try {
      store.setItem(key(), JSON.stringify({ at: new Date().toISOString(), ...content }));
    } catch {
      // Full: what was kept last stays.
    }
  }

  // --- putting it back

  function choose(field, values, words) {
    for (const value of values) {
      if (![...field.options].some((option) => option.value === value)) {
        field.add(new Option(words[value] || value, value));
      }
    }
    for (const option of field.options) option.selected = values.includes(option.value);
  }

  function addRows(rows) {
    for (const [prefix, wanted] of Object.entries(rows)) {
      const total = form.elements[`${prefix}-TOTAL_FORMS`];
      const more = document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`);
      for (let turn = 0; total && more && turn < 200 && Number(total.value) < wanted; turn++) more.click();
    }
  }

  function restore(draft) {
    busy = true;
    addRows(draft.rows);
    const used = {};
    for (const field of fields()) {
      const values = draft.values[field.name];
      if (!values) continue;
      if (isTick(field)) {
        field.checked = values.includes(field.value);
      } else if (field.tagName === "SELECT") {
        choose(field, values, draft.words[field.name] || {});
      } else {
        const number = (used[field.name] = (used[field.name] ?? -1) + 1);
        if (values[number] !== undefined) field.value = values[number];
      }
      field.dispatchEvent(new Event("change", { bubbles: true }));
      if (field.value && field.closest("details")) field.closest("details").open = true;
    }
    busy = false;
  }

  function show(when, draft, number) {
    for (const line of notice.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== when;
    const at = new Date(draft.at);
    const today = at.toDateString() === new Date().toDateString();
    const how = today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
    for (const time of notice.querySelectorAll("time")) {
      time.dateTime = draft.at;
      time.textContent = at.toLocaleString(document.documentElement.lang, how);
    }
    for (const one of notice.querySelectorAll("[data-when] b")) one.textContent = number;
    notice.querySelector("[data-do='restore']").hidden = when !== "older";
    notice.hidden = false;
  }

  // The newest draft on a former version: it was typed before somebody else saved.
  function older() {
    const now = Number(version?.value || 0);
    const found = drafts()
      .filter((one) => one.startsWith(`${place}:`))
      .map((one) => ({ key: one, number: Number(one.slice(place.length + 1)) }))
      .filter((one) => one.number && one.number < now)
      .sort((a, b) => b.number - a.number);
    return found[0];
  }

  function begin() {
    untouched = told(read()); // once more: by now Django's scripts have made theirs
    if ("bound" in notice.dataset) {
      keep(); // the page came back with the text in it
    } else {
      const draft = draftAt(key());
      if (draft && told(draft) !== untouched) {
        restore(draft);
        show("restored", draft);
      } else if (older()) {
        show("older", draftAt(older().key), older().number);
      }
    }
    let waiting = 0;
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(keep, PAUSE);
    };
    for (const event of ["input", "change", "click"]) form.addEventListener(event, soon);
    window.django?.jQuery?.(form).on("change", soon); // pickers tell only jQuery
    for (const event of ["submit", "pagehide"]) (event === "submit" ? form : window).addEventListener(event, keep);
    form.dataset.drafting = "";
  }

  notice.addEventListener("click", (event) => {
    const wanted = event.target.dataset?.do;
    if (wanted === "restore") {
      const former = older();
      const draft = draftAt(former.key);
      version.value = former.number; // saving meets what was saved since, side by side
      restore(draft);
      show("restored", draft);
      keep();
    } else if (wanted === "discard") {
      const former = older();
      busy = true; // leaving must not keep it again
      store.removeItem(notice.querySelector("[data-when='older']").hidden ? key() : former.key);
      location.assign(location.pathname + location.search);
    }
  });

  // After the scripts that make rows and pickers, which wait for the same moment and asked for it earlier.
  const ready = window.django?.jQuery;
  if (ready) ready(begin);
  else window.addEventListener("load", begin);
})();
