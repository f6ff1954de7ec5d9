// Sweeping over the days of a chart leads to the mentions of all of them. A click, and every page without this module,
// leads to those of one day.

for (const brush of document.querySelectorAll("[data-brush]")) {
  const days = [...brush.querySelectorAll("a")];
  let from = null;
  let to = null;

  const dayAt = (x) => {
    const box = brush.getBoundingClientRect();
    const place = Math.floor(((x - box.left) / box.width) * days.length);
    return Math.min(Math.max(place, 0), days.length - 1);
  };

  const paint = () => {
    const [low, high] = from === null ? [1, 0] : [Math.min(from, to), Math.max(from, to)];
    days.forEach((day, place) => day.classList.toggle("swept", place >= low && place <= high));
  };

  const end = () => { from = to = null; paint(); };

  brush.addEventListener("dragstart", (event) => event.preventDefault());
  brush.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return; // fingers scroll, and tap a day
    from = to = dayAt(event.clientX);
    paint();
  });
  window.addEventListener("pointermove", (event) => {
    if (from === null) return;
    to = dayAt(event.clientX);
    paint();
  });
  window.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    if (low !== high) {
      event.preventDefault();
      const begin = new URL(days[low].href);
      begin.searchParams.set("until", new URL(days[high].href).searchParams.get("until"));
      location.assign(begin);
    }
    end();
  });
  window.addEventListener("pointercancel", end);
  window.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); });
}
