// Read, starred, done: what one person has gone through in this browser. Kept here and not on the server, since it
// is nobody else's business and needs no account; another browser begins afresh (docs/pages.md).

const KEY = "newsvane.triage";
const MOST = 5000; // articles remembered, the latest touched
const KINDS = { r: "read", s: "starred", d: "done" };

function load() {
  try {
    return new Map(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Map(); // switched off, or written by something else
  }
}

function save() {
  try {
    localStorage.setItem(KEY, JSON.stringify([...known].slice(-MOST)));
  } catch {
    // nothing can be kept: it holds for this page
  }
}

const known = load();
const items = [...document.querySelectorAll("[data-item]")];
const line = document.querySelector(".triage");
let showDone = false;

function paint() {
  const count = { read: 0, starred: 0, done: 0 };
  for (const item of items) {
    const state = known.get(item.dataset.item) ?? [];
    for (const kind of Object.values(KINDS)) {
      item.classList.toggle(kind, state.includes(kind));
      if (state.includes(kind)) count[kind] += 1;
    }
    item.hidden = state.includes("done") && !showDone && !item.classList.contains("current");
  }
  if (!line) return;
  line.hidden = !count.read && !count.starred && !count.done;
  line.replaceChildren(` · ${count.read} read, ${count.starred} starred, ${count.done} done `);
  if (count.done) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = showDone ? "hide what is done" : "show what is done";
    button.addEventListener("click", () => { showDone = !showDone; paint(); });
    line.append(button);
  }
}

function toggle(item, kind, to) {
  const state = new Set(known.get(item.dataset.item) ?? []);
  if (to ?? !state.has(kind)) state.add(kind);
  else state.delete(kind);
  known.delete(item.dataset.item);
  if (state.size) known.set(item.dataset.item, [...state]);
  save();
  paint();
}

for (const item of items) {
  for (const link of item.querySelectorAll("[data-opens-article]")) {
    for (const event of ["click", "auxclick"]) link.addEventListener(event, () => toggle(item, "read", true));
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const item = document.querySelector("[data-item].current");
  if (!Object.hasOwn(KINDS, event.key) || !item || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  toggle(item, KINDS[event.key]);
  if (event.key === "d" && item.classList.contains("done")) {
    const next = items.slice(items.indexOf(item) + 1).find((one) => !one.hidden);
    if (!next) return;
    next.focus(); // keys.js makes it the current one
    paint();
  }
});

window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  known.clear();
  for (const [item, state] of load()) known.set(item, state);
  paint();
});

paint();
