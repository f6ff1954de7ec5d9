// Writes the times of a page in the viewer's zone; the server writes them in UTC. A time keeps both in its title.

const shape = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const dayShape = { day: "numeric", month: "short" };

function text(moment, withTime) {
  const parts = new Intl.DateTimeFormat("en-GB", withTime ? shape : dayShape).formatToParts(moment);
  const of = (type) => parts.find((part) => part.type === type)?.value ?? "";
  return withTime ? `${of("day")} ${of("month")} ${of("hour")}:${of("minute")}` : `${of("day")} ${of("month")}`;
}

function rewrite(root) {
  for (const time of root.querySelectorAll("time[datetime]:not([data-utc])")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.dataset.utc = time.textContent;
    time.title = `${time.dateTime} (UTC)`;
    time.textContent = text(moment, true);
  }
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  rewrite(document);
  for (const place of document.querySelectorAll(".zone")) place.textContent = zone === "UTC" ? "UTC" : zone.replaceAll("_", " ");
}
