// What is typed into a form is kept in this browser until it is saved: through a crash, a lost network, an expired login.
// One draft for each user, thing and version read; a form without a version has a key of its own, so that two windows
// do not write over each other. Nothing leaves the device.
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

  function put(key, draft) {
    try {
      store.setItem(key, JSON.stringify(draft));
    } catch {
      // Full: what was kept last stays.
    }
  }

  function forgetOld() {
    for (const key of drafts()) {
      const draft = draftAt(key);
      if (!draft || Date.now() - Date.parse(draft.at) > KEPT) store.removeItem(key);
    }
  }

  // The server names the form that it has saved in a cookie, whichever page comes next: "7:c0k2m9qx4t:3", or, of a form
  // with a key of its own, "7:#a91f".
  function forgetSaved() {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith("desk_saved="));
    if (!cookie) return;
    const saved = decodeURIComponent(cookie.slice("desk_saved=".length)).replaceAll('"', "");
    const [user, own] = saved.split(":");
    for (const key of drafts()) {
      const isOwn = own?.startsWith("#") && key.startsWith(`${PREFIX}:${user}:`) && key.endsWith(`:${own}`);
      if (isOwn || key === `${PREFIX}:${saved}`) store.removeItem(key);
    }
    const home = document.querySelector("#site-name a")?.pathname || "/";
    document.cookie = `desk_saved=; path=${home}; max-age=0; samesite=lax`;
  }

  forgetOld();
  forgetSaved();

  const ours = (field) =>
    field.name &&
    !field.name.includes("__prefix__") &&
    !/^(csrfmiddlewaretoken|version|draft_place|draft_key|their_version|seen|ref)$|^choice\.|_FORMS$/.test(field.name) &&
    !["submit", "button", "file", "password", "image"].includes(field.type) &&
    !/^_/.test(field.name);

  const isTick = (field) => field.type === "checkbox" || field.type === "radio";
  const told = (content) => JSON.stringify([content.values, content.rows]);

  function keeping(notice, form) {
    const version = form.elements.version;
    const mark = form.elements.draft_key;
    const isNew = !notice.dataset.place || !Number(version?.value); // of what is new, the form says version 0
    const address = new URL(form.getAttribute("action") || location.href, location.href);
    const place = `${PREFIX}:${notice.dataset.user}:${notice.dataset.place || address.pathname + address.search}`;
    if (isNew && !mark.value) {
      mark.value = `#${[...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("")}`;
    }
    const key = () => `${place}:${isNew ? mark.value : version.value}`;

    // --- what is in the form

    const fields = () => [...form.elements].filter(ours);

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

    let untouched = told(read());
    let busy = false;
    let waitingFor = {}; // values of a draft whose fields this form does not show yet

    function keep() {
      if (busy) return;
      const content = read();
      if (told(content) === untouched && !("bound" in notice.dataset)) {
        store.removeItem(key());
        return;
      }
      for (const name of Object.keys(content.values)) delete waitingFor[name];
      put(key(), { at: new Date().toISOString(), ...content, waitingFor });
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

    const stands = (field) =>
      isTick(field) ? field.checked : [...(field.selectedOptions || [field])].map((one) => one.value).join("\n");

    function fill(all, words) {
      const used = {};
      const filled = [];
      for (const field of fields()) {
        const values = all[field.name];
        if (!values) continue;
        const before = stands(field);
        if (isTick(field)) {
          field.checked = values.includes(field.value);
        } else if (field.tagName === "SELECT") {
          choose(field, values, words[field.name] || {});
        } else {
          const number = (used[field.name] = (used[field.name] ?? -1) + 1);
          if (values[number] !== undefined) field.value = values[number];
        }
        if (stands(field) !== before) filled.push(field);
        if (field.value && field.closest("details")) field.closest("details").open = true;
      }
      // Only now, when all is in: some scripts send the form on when one field changes.
      for (const field of filled) field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function restore(draft) {
      busy = true;
      addRows(draft.rows);
      fill(draft.values, draft.words);
      const shown = read().values;
      const all = { ...draft.waitingFor, ...draft.values };
      waitingFor = Object.fromEntries(Object.entries(all).filter(([name]) => !(name in shown)));
      busy = false;
      keep();
      // A choice that stands here already may be what brings the fields that are missing.
      const asking = Object.keys(waitingFor).length ? fields().filter((field) => field.tagName === "SELECT") : [];
      for (const field of asking) field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function show(when, draft, number) {
      for (const line of notice.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== when;
      const at = new Date(draft.at);
      const today = at.toDateString() === new Date().toDateString();
      const clock = { timeStyle: "short", hourCycle: "h23" }; // as everywhere on the desk
      const how = today ? clock : { dateStyle: "medium", ...clock };
      for (const time of notice.querySelectorAll("time")) {
        time.dateTime = draft.at;
        time.textContent = at.toLocaleString(document.documentElement.lang, how);
      }
      for (const one of notice.querySelectorAll("[data-when] b")) one.textContent = number;
      notice.querySelector("[data-do='restore']").hidden = when === "restored";
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

    // --- drafts without a version, and the windows that hold them

    const loose = () =>
      drafts()
        .filter((one) => one.startsWith(`${place}:`) && /^(#|0?$)/.test(one.slice(place.length + 1)))
        .filter((one) => one !== key())
        .sort((a, b) => Date.parse(draftAt(b).at) - Date.parse(draftAt(a).at));

    function takeUp(found) {
      const draft = draftAt(found);
      if (!draft) return;
      put(key(), draft);
      store.removeItem(found);
      if (told(draft) === untouched) return;
      restore(draft);
      show("restored", draft);
    }

    // The newest that no window has in hand comes back by itself, unless somebody types already. Browsers tell who holds
    // what (a lock, gone with its window) on secure addresses only; elsewhere the draft is offered.
    async function lookAround() {
      if (!navigator.locks) {
        if (loose().length) show("loose", draftAt(loose()[0]));
        return;
      }
      navigator.locks.request(key(), () => new Promise(() => {}));
      const held = new Set((await navigator.locks.query()).held.map((one) => one.name));
      const found = loose().find((one) => !held.has(one));
      if (found && told(read()) === untouched) takeUp(found);
    }

    function begin() {
      untouched = told(read()); // once more: by now Django's scripts have made theirs
      const draft = draftAt(key());
      if ("bound" in notice.dataset) {
        waitingFor = draft?.waitingFor || {};
        fill(waitingFor, draft?.words || {});
        keep(); // the page came back with the text in it
      } else if (draft && told(draft) !== untouched) {
        restore(draft);
        show("restored", draft);
      } else if (isNew) {
        lookAround();
      } else if (older()) {
        show("older", draftAt(older().key), older().number);
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
      const waits = (when) => !notice.querySelector(`[data-when='${when}']`).hidden;
      if (wanted === "restore" && waits("loose")) {
        takeUp(loose()[0]);
      } else if (wanted === "restore") {
        const former = older();
        const draft = draftAt(former.key);
        version.value = former.number; // saving meets what was saved since, side by side
        restore(draft);
        show("restored", draft);
      } else if (wanted === "discard") {
        const other = waits("older") ? older().key : waits("loose") ? loose()[0] : key();
        busy = true; // leaving must not keep it again
        store.removeItem(other);
        location.assign(location.pathname + location.search);
      }
    });

    // After the scripts that make rows and pickers, which wait for the same moment and asked for it earlier.
    const ready = window.django?.jQuery;
    if (ready) ready(begin);
    else window.addEventListener("load", begin);
  }

  for (const notice of document.querySelectorAll(".desk-draft")) {
    const form = notice.closest("form");
    if (form) keeping(notice, form);
  }
})();
