// Shows a form's preview while somebody edits. The server makes the same page as for the button without this module;
// only its preview is taken over. A newer edit drops the answer to an older one.

const form = document.querySelector("form[data-preview]");
const QUIET = 700; // milliseconds without a key
let waiting;
let asking;

async function look() {
  asking?.abort();
  asking = new AbortController();
  const place = document.getElementById("preview");
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = page.getElementById("preview");
    if (made) place.replaceChildren(...made.childNodes);
    place.removeAttribute("aria-busy");
  } catch (error) {
    if (error.name !== "AbortError") place.removeAttribute("aria-busy"); // the button still works
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, QUIET);
});
