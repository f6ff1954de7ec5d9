// Read, starred, done, without leaving the page: by the keys r, s, d, or by the buttons that work without this module,
// too. It is kept on the server (docs/dashboard.md). Opening an article says that it was read.

const KEYS = { r: "read", s: "starred", d: "done" };
const items = [...document.querySelectorAll("[data-item]")];
const list = document.querySelector("[data-hides]");

const button = (item, kind) => item.querySelector(`[data-triage="${kind}"]`);
const holds = (item, kind) => item.classList.contains(kind);

function paint(item, kind, on) {
  const shown = button(item, kind);
  item.classList.toggle(kind, on);
  shown.setAttribute("aria-pressed", String(on));
  shown.value = on ? `not ${kind}` : kind;
}

async function say(item, kind, on) {
  paint(item, kind, on);
  try {
    const answer = await fetch("/triage", {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ article: item.dataset.item, say: on ? kind : `not ${kind}` }),
      keepalive: true, // the page may be left for the article that was opened
    });
    if (!answer.ok) throw new Error(String(answer.status));
  } catch {
    paint(item, kind, !on); // what is shown is what is kept
    item.hidden = false;
  }
}

function toggle(item, kind) {
  say(item, kind, !holds(item, kind));
  if (kind === "done" && holds(item, "done") && list?.dataset.hides === "done") leave(item);
}

// What is done makes room for the next, or for the one before where it was the last.
function leave(item) {
  const at = items.indexOf(item);
  const next = items.slice(at + 1).find((one) => !one.hidden) ?? items.slice(0, at).findLast((one) => !one.hidden);
  item.hidden = true;
  next?.focus(); // keys.js makes it the current one
}

for (const item of items) {
  for (const kind of Object.values(KEYS)) {
    button(item, kind)?.addEventListener("click", (event) => { event.preventDefault(); toggle(item, kind); });
  }
  for (const link of item.querySelectorAll("[data-opens-article]")) {
    for (const event of ["click", "auxclick"]) {
      link.addEventListener(event, () => { if (button(item, "read") && !holds(item, "read")) say(item, "read", true); });
    }
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const item = document.querySelector("[data-item].current");
  if (!Object.hasOwn(KEYS, event.key) || !item || !button(item, KEYS[event.key])) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  toggle(item, KEYS[event.key]);
});
