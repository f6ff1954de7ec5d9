// Completes the word at the caret of a search box from its datalist, which alone could only complete the whole box.
// A combobox after the ARIA Authoring Practices: arrows choose, Enter or Tab takes, Escape closes.

const box = document.querySelector("input[type=search][list]");
const MOST = 8;

function words(list) {
  return [...list.options].map((option) => option.value);
}

function start(input) {
  const all = words(input.list);
  input.removeAttribute("list");
  const menu = document.createElement("ul");
  Object.assign(menu, { id: "completions", className: "completions", hidden: true });
  menu.setAttribute("role", "listbox");
  menu.setAttribute("aria-label", "Completions");
  input.after(menu);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": menu.id };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  let chosen = -1;

  const begun = () => input.value.slice(0, input.selectionStart).match(/[^\s()]*$/)[0];

  function close() {
    menu.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function open() {
    const word = begun().toLowerCase();
    const found = word.length < 1 ? [] : all.filter((one) => fits(one.toLowerCase(), word)).slice(0, MOST);
    if (!found.length) return close();
    menu.replaceChildren(...found.map(option));
    menu.hidden = false;
    chosen = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  }

  function option(text, place) {
    const item = document.createElement("li");
    item.id = `completion-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.textContent = text;
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(text); });
    return item;
  }

  function choose(place) {
    const options = [...menu.children];
    chosen = (place + options.length) % options.length;
    options.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
  }

  function take(text) {
    const end = input.selectionStart;
    const from = end - begun().length;
    const open = text.endsWith(":") || text.endsWith("=") || text.endsWith("(");
    input.setRangeText(open ? text : `${text} `, from, end, "end");
    close();
    input.focus();
    if (open) input.dispatchEvent(new Event("input"));
  }

  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement === input && menu.hidden) return input.blur();
    if (menu.hidden) return;
    const acts = {
      ArrowDown: () => choose(chosen + 1),
      ArrowUp: () => choose(chosen < 0 ? -1 : chosen - 1),
      Escape: close,
      Enter: chosen >= 0 ? () => take(menu.children[chosen].textContent) : null,
      Tab: chosen >= 0 ? () => take(menu.children[chosen].textContent) : null,
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}

// "hp" finds entity:HPE, "entity:h" too; what is written whole is no completion.
function fits(candidate, word) {
  return candidate !== word && (candidate.startsWith(word) || candidate.split(/[:"]+/).some((part, at) => at && part.startsWith(word)));
}

if (box?.list) start(box);
