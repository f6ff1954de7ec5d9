// Keys that every page has, and moving through a list of items. Nothing happens while somebody types.

const PLACES = { o: "/", m: "/stream", t: "/stories", e: "/entities", s: "/sources", r: "/rules", a: "/alerts" };
const items = () => [...document.querySelectorAll("[data-item]")].filter((item) => item.offsetParent !== null);
let waiting = false; // for the second key after g

for (const button of document.querySelectorAll("[data-opens]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
}

function step(by) {
  const all = items();
  if (!all.length) return;
  const at = all.indexOf(document.querySelector("[data-item].current"));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  choose(next);
}

function choose(item) {
  document.querySelector("[data-item].current")?.classList.remove("current");
  item.classList.add("current");
  if (!item.hasAttribute("tabindex")) item.tabIndex = -1;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function follow(kind) {
  document.querySelector(`[data-item].current [data-${kind}]`)?.click();
}

function go(key) {
  waiting = false;
  if (Object.hasOwn(PLACES, key)) location.assign(PLACES[key]);
}

document.addEventListener("focusin", (event) => {
  const item = event.target.closest?.("[data-item]");
  if (!item || item.classList.contains("current")) return;
  document.querySelector("[data-item].current")?.classList.remove("current");
  item.classList.add("current");
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  if (waiting) {
    event.preventDefault(); // r and s are keys of the stream, too
    return go(event.key);
  }
  const acts = {
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "?": () => document.getElementById("keys").showModal(),
    j: () => step(1),
    k: () => step(-1),
    o: () => follow("opens-article"),
    w: () => follow("why"),
    g: () => { waiting = true; setTimeout(() => { waiting = false; }, 1500); },
  };
  if (!Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  acts[event.key]();
});
