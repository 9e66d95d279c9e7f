// The article page: moving by keys, editing with autosave, choosing, explanations.
// Everything here is a comfort: paste, vote and edit work without it.
const rows = document.getElementById("rows");
const address = `/review/articles/${rows.dataset.item}`;
const words = JSON.parse(document.getElementById("words").textContent);
const token = document.body.dataset.token ?? "";
const live = document.getElementById("live");
const tip = document.getElementById("tip");
const help = document.getElementById("help");
const keysOn = document.getElementById("keys-on");
const AUTOSAVE_MS = 1000;
const RETRY_MS = 2000;
const FRAGMENT = { "HX-Request": "true", "X-Form-Token": token, Accept: "text/html" };
const editors = new Map(); // segment -> Editor

let current = null;
let moving = false; // from one editor to the next: keys are neither text nor shortcuts

const say = (text) => { live.textContent = text; };
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const allRows = () => [...rows.querySelectorAll(".row")];
const segmentAddress = (id, part = "") => `${address}/segments/${encodeURIComponent(id)}${part}`;

/** Nodes of a fragment of our own server. */
function nodes(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

async function fragment(url, options = {}) {
  const response = await fetch(url, { ...options, headers: { ...FRAGMENT, ...options.headers } });
  return { response, text: await response.text() };
}

// Moving

/** Make a row the current one: it and its marks can be reached with Tab. */
function settle(row) {
  if (row === current) return;
  if (current) {
    current.classList.remove("current");
    current.removeAttribute("aria-current");
    current.tabIndex = -1;
    for (const mark of current.querySelectorAll("mark")) mark.tabIndex = -1;
  }
  current = row;
  row.classList.add("current");
  row.setAttribute("aria-current", "true");
  row.tabIndex = 0;
  for (const mark of row.querySelectorAll("mark")) mark.tabIndex = 0;
}

function go(row) {
  if (!row) return;
  settle(row);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function step(by) {
  if (!current) return go(rows.querySelector(".row"));
  let row = current;
  do row = by > 0 ? row.nextElementSibling : row.previousElementSibling;
  while (row && !row.classList.contains("row"));
  go(row);
}

function nextDoubtful() {
  const list = allRows();
  const from = list.indexOf(current) + 1;
  go([...list.slice(from), ...list.slice(0, from)].find((row) => row.classList.contains("doubtful")));
}

function nextMark() {
  const marks = [...(current?.querySelectorAll("mark") ?? [])];
  if (marks.length) marks[(marks.indexOf(document.activeElement) + 1) % marks.length].focus();
}

/** Put a row's new HTML in its place; focus stays where it was. */
function replace(row, html) {
  const made = nodes(html).querySelector(".row");
  if (!made) return row;
  const was = row === current;
  const hadFocus = row.contains(document.activeElement);
  row.replaceWith(made);
  if (was) { current = null; settle(made); }
  if (hadFocus) made.focus({ preventScroll: true });
  count();
  return made;
}

function count() {
  const all = rows.querySelectorAll(".row").length;
  const doubts = rows.querySelectorAll(".row.doubtful").length;
  const chip = document.getElementById("progress");
  chip.classList.toggle("review", doubts > 0);
  chip.classList.toggle("ready", doubts === 0);
  const strong = document.createElement("b");
  strong.textContent = all - doubts;
  const left = document.querySelector("#approval .soft");
  if (left) left.textContent = doubts ? filled(words.doubtful, { n: doubts }) : words.clear;
  chip.replaceChildren(strong, `/${all} · ${doubts ? filled(words.doubtful, { n: doubts }) : words.clear}`);
}

async function refresh(row, diff = false) {
  const { response, text } = await fragment(segmentAddress(row.id, `/row${diff ? "?diff=1" : ""}`));
  if (!response.ok) return row;
  const made = replace(row, text);
  made.dataset.diff = diff ? "1" : "";
  return made;
}

// Editing

const draftKey = (id) => `songngu:${rows.dataset.item}:${id}`;
const readDraft = (id) => { try { return JSON.parse(localStorage.getItem(draftKey(id))); } catch { return null; } };
function writeDraft(id, draft) {
  try {
    if (draft) localStorage.setItem(draftKey(id), JSON.stringify(draft));
    else localStorage.removeItem(draftKey(id));
  } catch { /* no room or no permission: the server still has every save */ }
}

/** One open editor: saves a second after the last key, keeps a draft until the server has it. */
class Editor {
  constructor(row, form) {
    this.id = row.id;
    this.form = form;
    this.text = form.elements.text;
    this.version = Number(form.dataset.version);
    this.saved = "conflict" in form.dataset ? null : this.text.value;
    this.sending = null; // what was sent and not answered yet: { text, id }
    this.busy = null;
    this.closed = false;
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("submit", (event) => this.submit(event));
    for (const button of form.querySelectorAll("[data-copy], [data-term], [data-use]")) button.hidden = false;
    this.measure();
  }

  get row() { return document.getElementById(this.id); }

  restore(draft) {
    this.text.value = draft.text;
    this.version = draft.version;
    this.form.elements.session.value = draft.session;
    this.sending = draft.sending;
    this.measure();
    this.later(0);
  }

  changed() {
    this.measure();
    this.keep();
    this.later(AUTOSAVE_MS);
  }

  keep() {
    const { text, version, sending } = this;
    writeDraft(this.id, { text: text.value, version, sending, session: this.form.elements.session.value });
  }

  measure() {
    const counter = this.form.querySelector(".counter");
    if (counter) counter.textContent = filled(words.characters, { n: [...this.text.value].length, of: counter.dataset.source });
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), ms);
  }

  note(text, bad = false) {
    const place = this.form.querySelector(".saved");
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("bad", bad);
  }

  /** Save until the server has what stands there; true once it has. */
  async save(anyway = false) {
    clearTimeout(this.timer);
    if (this.busy) { await this.busy; return this.save(anyway); }
    if (this.closed) return false;
    if (!this.sending) {
      if (this.text.value === this.saved && !anyway) return true;
      if (!this.text.value.trim()) { this.note(words.empty, true); return false; }
      this.sending = { text: this.text.value, id: crypto.randomUUID?.() ?? String(Math.random()) };
    }
    this.keep();
    this.busy = this.send(this.sending);
    const done = await this.busy;
    this.busy = null;
    if (done !== true) return false;
    return this.text.value === this.saved || this.save();
  }

  /** Send once; after an unknown outcome the same is sent again, so that it is done once. */
  async send({ text, id }) {
    this.note(words.saving);
    const body = new URLSearchParams({
      text, save_id: id, base: this.form.elements.base.value, session: this.form.elements.session.value,
    });
    let answer;
    try {
      answer = await fragment(this.form.action, { method: "POST", body, headers: { "If-Match": `"${this.version}"` } });
    } catch {
      this.note(words.offline, true);
      this.later(RETRY_MS);
      return false;
    }
    const { response, text: html } = answer;
    if (response.status === 204) {
      this.version = Number(response.headers.get("ETag").replaceAll('"', ""));
      this.saved = text;
      this.sending = null;
      if (this.text.value === text) writeDraft(this.id, null); else this.keep();
      this.note(filled(words.saved, { time: new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) }));
      say(words.savedShort);
      return true;
    }
    if (response.status === 409 && html.includes("data-conflict")) {
      this.conflict(html);
      return false;
    }
    this.sending = null;
    this.note(response.status >= 500 ? words.offline : words.refused, true);
    if (response.status >= 500) this.later(RETRY_MS);
    return false;
  }

  /** Show both texts; what is newest here stays in the box. */
  conflict(html) {
    const mine = this.text.value;
    const form = nodes(html).querySelector("form");
    this.closed = true;
    this.form.replaceWith(form);
    form.elements.text.value = mine;
    const next = new Editor(this.row, form);
    editors.set(this.id, next);
    writeDraft(this.id, null);
    form.elements.text.focus();
    say(words.conflict);
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && event.ctrlKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.finish(true);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.finish(false);
    }
  }

  submit(event) {
    event.preventDefault();
    if (event.submitter?.hasAttribute("data-undo")) this.undo(event.submitter.formAction);
    else this.finish(true);
  }

  async undo(url) {
    if (!(await this.save())) return;
    const body = new URLSearchParams({ version: this.version });
    const { response, text } = await fragment(url, { method: "POST", body });
    if (response.ok) { this.leave(replace(this.row, text)); open(this.row); }
  }

  /** Save and close; `onward` confirms the text as it is, and opens the next sentence. */
  async finish(onward) {
    if (this.finishing) return;
    this.finishing = true;
    moving = onward;
    try { await this.close(onward); } finally { this.finishing = moving = false; }
  }

  async close(onward) {
    const untouched = this.version === 0 && this.text.value === this.saved;
    const unsaved = this.saved === null && !onward; // a conflict that is left keeps what is saved
    if (!unsaved && !(await this.save(onward && untouched))) return;
    const row = await refresh(this.row);
    this.leave(row);
    if (!onward) return;
    step(1);
    if (current !== row) await open(current);
  }

  leave(row) {
    this.closed = true;
    clearTimeout(this.timer);
    editors.delete(this.id);
    writeDraft(this.id, null);
    go(row);
  }
}

async function open(row, draft = null) {
  const known = editors.get(row.id);
  if (known) { known.text.focus(); return; }
  let answer;
  try { answer = await fragment(segmentAddress(row.id)); } catch { say(words.offline); return; }
  if (!answer.response.ok || editors.has(row.id)) return;
  const form = nodes(answer.text).querySelector("form");
  settle(row);
  row.classList.add("editing");
  const cells = row.querySelectorAll(".cell");
  cells[cells.length - 1].after(form);
  const editor = new Editor(row, form);
  editors.set(row.id, editor);
  if (draft) editor.restore(draft);
  editor.text.focus();
  editor.text.setSelectionRange(editor.text.value.length, editor.text.value.length);
  row.scrollIntoView({ block: "nearest", behavior: "instant" });
}

// Choosing

async function choose(row, choice) {
  const form = document.getElementById("choices");
  if (!row || !form) return;
  const url = `${address}/vote?segment=${encodeURIComponent(row.id)}`;
  const { response, text } = await fragment(url, { method: "POST", body: new URLSearchParams({ choice }) });
  if (response.ok) { replace(row, text); say(filled(words.chosen, { letter: choice })); }
}

// Explanations

function explain(mark) {
  for (const lit of rows.querySelectorAll("mark.lit")) lit.classList.remove("lit");
  if (!mark) { tip.hidden = true; return; }
  const text = mark.dataset.tip ?? mark.title;
  mark.dataset.tip = text;
  mark.removeAttribute("title"); // the browser's own would lie over ours
  mark.setAttribute("aria-describedby", "tip");
  for (const other of mark.closest(".row").querySelectorAll("mark")) {
    if ((other.dataset.tip ?? other.title) === text) other.classList.add("lit");
  }
  tip.textContent = text;
  tip.hidden = false;
  const box = mark.getBoundingClientRect();
  const left = Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left) + scrollX}px`;
  const under = box.bottom + 6;
  const top = under + tip.offsetHeight < innerHeight ? under : box.top - tip.offsetHeight - 6;
  tip.style.top = `${top + scrollY}px`;
}

rows.addEventListener("pointerover", (event) => explain(event.target.closest("mark")));
rows.addEventListener("focusin", (event) => {
  const row = event.target.closest(".row");
  if (row) settle(row);
  explain(event.target.closest("mark"));
});

rows.addEventListener("click", (event) => {
  const row = event.target.closest(".row");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("a.edit")) {
    event.preventDefault();
    open(row);
  } else if (event.target.closest("button.letter")) {
    event.preventDefault();
    choose(row, event.target.closest("button").value);
  } else if (event.target.closest("a.theirs-keep")) {
    event.preventDefault();
    editors.get(row.id)?.finish(false);
  } else if (event.target.closest("a.history, a[data-history]")) {
    event.preventDefault();
    history(row);
  } else if (event.target.closest("[data-copy]")) {
    navigator.clipboard?.writeText(editors.get(row.id).text.value).then(() => say(words.copied));
  } else if (event.target.closest("[data-use]")) {
    const editor = editors.get(row.id);
    editor.text.value = event.target.closest("[data-use]").dataset.use;
    editor.changed();
    editor.text.focus();
  } else if (event.target.closest("[data-term]")) {
    term(row);
  }
});

// A double click on a translation edits it; a selection is left alone.
rows.addEventListener("dblclick", (event) => {
  const cell = event.target.closest(".cell.target, .cell.final");
  if (cell) open(cell.closest(".row"));
});

async function history(row) {
  const shown = row.querySelector(".history-list");
  if (shown) { shown.remove(); return; }
  const { response, text } = await fragment(segmentAddress(row.id, "/history"));
  if (response.ok) row.append(nodes(text));
}

let selected = ""; // the last words selected in a source
document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  if (selection.anchorNode?.parentElement?.closest(".cell.source")) selected = String(selection).trim();
});

/** The glossary page with what is selected on both sides. */
function term(row) {
  const { text } = editors.get(row.id);
  const target = text.value.slice(text.selectionStart, text.selectionEnd).trim();
  const query = new URLSearchParams({ source: selected, target });
  globalThis.open(`/review/glossary?${query}`, "_blank", "noopener");
}

// Keys

const TYPING = "textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]";
const ACTIONS = {
  j: () => step(1),
  k: () => step(-1),
  n: nextDoubtful,
  e: () => current && open(current),
  d: () => current && refresh(current, !current.dataset.diff),
  g: nextMark,
  v: () => document.querySelector("#vote input[type=radio], #vote a")?.focus(),
  0: () => choose(current, "tie"),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  // A key that an input method is still at work on is not ours (Telex, VNI).
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (event.ctrlKey || event.altKey || event.metaKey || help.open) return;
  if (event.key === "Escape") { explain(null); return; }
  if (moving) { event.preventDefault(); return; }
  if (!keysOn.checked || event.target.closest?.(TYPING)) return;
  const action = /^[1-9]$/.test(event.key)
    ? () => choose(current, "ABCDEFGHI"[event.key - 1])
    : ACTIONS[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});

keysOn.checked = localStorage.getItem("songngu:keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("songngu:keys", keysOn.checked ? "on" : "off"));
const opener = document.getElementById("help-open");
opener.hidden = false;
opener.addEventListener("click", () => help.showModal());
document.querySelector("[data-first]")?.addEventListener("click", (event) => {
  event.preventDefault();
  nextDoubtful();
});

// Citations and addresses with a fragment lead to a row.
const named = () => {
  const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (row?.classList.contains("row")) go(row);
};
addEventListener("hashchange", named);
named();
if (!current) {
  const first = rows.querySelector(".row");
  if (first) first.tabIndex = 0;
}

// Drafts that the server never confirmed: the page was closed, or the server was gone.
for (const key of Object.keys(localStorage)) {
  const id = key.startsWith(draftKey("")) ? key.slice(draftKey("").length) : "";
  const row = id && document.getElementById(id);
  const draft = row && readDraft(id);
  if (draft) open(row, draft);
}
