// Tells how many mentions came since the page was made, and leads to them. The server says by an event that something
// came; what it is, is asked of the API, whose question is the page's own. Events are followed only while somebody
// looks: a stream takes one of the six connections that browsers have for a server, in all tabs together. Where there
// is no stream (too many, a proxy that holds it back), the API is asked now and then.

const pill = document.querySelector("[data-live]");
const EVERY = 20_000;
const SELDOM = 600_000;
const GATHER = 500; // milliseconds: mentions of one article come together
let pause = EVERY;
let timer;
let stream;

async function look() {
  clearTimeout(timer);
  timer = undefined;
  try {
    const answer = await fetch(pill.dataset.live, { headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.status === 403) return stop();
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
    pause = EVERY;
  } catch {
    pause = Math.min(pause * 2, SELDOM);
  }
  if (stream?.readyState !== EventSource.OPEN) again(pause);
}

function again(milliseconds) {
  if (timer === undefined && document.visibilityState === "visible") timer = setTimeout(look, milliseconds);
}

function follow() {
  stream = new EventSource(pill.dataset.events);
  stream.addEventListener("mention", () => again(GATHER));
  stream.addEventListener("gap", () => again(GATHER));
  stream.addEventListener("open", () => {
    clearTimeout(timer);
    timer = undefined;
    again(GATHER); // for what came before the stream was open
  });
  stream.addEventListener("error", () => again(EVERY)); // the browser opens it again, or it was refused
}

function stop() {
  stream?.close();
  clearTimeout(timer);
  timer = undefined;
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

function begin() {
  stop();
  if (document.visibilityState === "visible") follow();
}

if (pill) {
  begin();
  document.addEventListener("visibilitychange", begin);
  window.addEventListener("pagehide", stop);
}
