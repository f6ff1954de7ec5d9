// Tells how many mentions came since the page was made, and leads to them. Asks the API now and then while somebody
// looks; when that fails it asks less often and says nothing.

const pill = document.querySelector("[data-live]");
const EVERY = 20_000;
const SELDOM = 600_000;
let pause = EVERY;

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(pill.dataset.live, { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403) return;
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
      pause = EVERY;
    } catch {
      pause = Math.min(pause * 2, SELDOM);
    }
  }
  setTimeout(look, pause);
}

function show(page) {
  const fresh = page.items.filter((mention) => mention.id > Number(pill.dataset.newest));
  const link = pill.querySelector("a");
  link.hidden = !fresh.length;
  if (!fresh.length) return;
  const number = page.next && fresh.length === page.items.length ? `${fresh.length} or more` : String(fresh.length);
  const text = `${number} new ${fresh.length === 1 ? "mention" : "mentions"}`;
  if (link.textContent !== text) link.textContent = text;
  document.title = document.title.replace(/^\(\d+\+?\) /, "").replace(/^/, `(${fresh.length}) `);
}

if (pill) setTimeout(look, EVERY / 4);
