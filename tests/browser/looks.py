"""What is looked for in a page, from inside it: each runs in the page and returns what is wrong, in words."""

__all__ = ["ALIVE", "SIDEWAYS", "TURNED", "WIDER"]

ALIVE = """() => {
  const wrong = [], never = ["x-planted", "iframe", "object", "embed", "base", "applet"];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (never.includes(name)) wrong.push(`<${name}>`);
    for (const { name: attribute } of element.attributes)
      if (attribute.startsWith("on") || ["style", "srcdoc"].includes(attribute)) wrong.push(`${name}[${attribute}]`);
    if (name === "script" && (!element.src || new URL(element.src).origin !== location.origin))
      wrong.push("a strange script");
    for (const attribute of ["href", "action", "formaction", "xlink:href"]) {
      const link = element.getAttribute(attribute);
      if (link === null) continue;
      const address = new URL(link, location);
      if (!["http:", "https:"].includes(address.protocol)) wrong.push(`leads to ${link}`);
      if (name === "a" && address.origin !== location.origin
          && !["noopener", "noreferrer"].every(word => element.relList.contains(word)))
        wrong.push(`tells where one comes from: ${link}`);
    }
    if (element.hasAttribute("src")
        && !["data:", location.protocol].includes(new URL(element.src, location).protocol))
      wrong.push(`loads ${element.getAttribute("src")}`);
  }
  return wrong;
}"""
"""What no template of ours wrote: elements, handlers, scripts, links to anything but the web."""

TURNED = """arabic => {
  const wrong = [], control = /[\\u202a-\\u202e\\u2066-\\u2069]/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const within = node.parentElement, shown = node.data.trim().slice(0, 60);
    if (control.test(node.data)) wrong.push(`control in ${within.localName}: ${shown}`);
    if (node.data.includes(arabic) && !within.closest("bdi, [dir=auto], option, textarea, title, svg"))
      wrong.push(`not kept apart in ${within.localName}.${within.className}: ${shown}`);
  }
  for (const element of document.querySelectorAll("[title], [aria-label], [alt]"))
    for (const name of ["title", "aria-label", "alt"])
      if (control.test(element.getAttribute(name) || "")) wrong.push(`control in ${element.localName}[${name}]`);
  return wrong;
}"""
"""Controls of direction anywhere, and text that runs the other way where nothing keeps it from its neighbours."""

SIDEWAYS = """() => [...document.querySelectorAll("main *")]
  .filter(element => element.clientWidth && element.scrollWidth > element.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(element).overflowX)
    && element.querySelector("table") && !element.matches(".charts"))
  .map(element => `scrolls sideways: ${element.localName}.${element.className}`)"""
"""What holds a table and has to be scrolled sideways to be read."""

WIDER = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.querySelectorAll("body *")]
    .filter(element => element.getBoundingClientRect().right > root.clientWidth + 1);
  const names = wide.slice(0, 6).map(element => `${element.localName}.${element.className}`).join(", ");
  return [`${root.scrollWidth} px wide: ${names}`];
}"""
"""What reaches over the right edge, where the page can be scrolled there."""
