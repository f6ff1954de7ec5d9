// Writes the times of a page in the viewer's zone; the server writes them in UTC. Of what comes in all the time it says
// how long ago that was (by the server's clock, which the page carries), and the exact time in the item that the keys
// chose. A time keeps both in its title.

const MINUTE = 60_000;
const DAY = 24 * 60; // minutes; what is older keeps its date
const shape = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const made = Date.parse(document.querySelector(".as-of time")?.dateTime) || Date.now();
const opened = performance.now();
const now = () => made + performance.now() - opened;

function exact(moment) {
  const parts = new Intl.DateTimeFormat("en-GB", shape).formatToParts(moment);
  const of = (type) => parts.find((part) => part.type === type)?.value ?? "";
  const year = moment.getFullYear() === new Date(made).getFullYear() ? "" : ` ${of("year")}`;
  return `${of("day")} ${of("month")}${year} ${of("hour")}:${of("minute")}`;
}

function ago(moment) {
  const minutes = Math.floor((now() - moment) / MINUTE);
  if (minutes < -1 || minutes >= DAY) return exact(moment);
  if (minutes < 1) return "just now";
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
}

function write(root, relative) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const text = relative && "ago" in time.dataset ? ago(moment) : exact(moment);
    if (time.textContent !== text) time.textContent = text;
    time.title = `${exact(moment)} ${zone}, ${time.dateTime}`;
  }
}

if (zone) {
  write(document, true);
  for (const place of document.querySelectorAll(".zone")) place.textContent = zone === "UTC" ? "UTC" : zone.replaceAll("_", " ");
  // By the keyboard only: under a pointer that is pressed, a link must not move.
  const focused = () => document.querySelector("[data-item]:focus-visible");
  document.addEventListener("focusin", () => focused() && write(focused(), false));
  document.addEventListener("focusout", (event) => event.target.matches("[data-item]") && write(event.target, true));
  setInterval(() => {
    write(document, true);
    if (focused()) write(focused(), false);
  }, MINUTE);
}
