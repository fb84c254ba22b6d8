// Keys for the inbox. Each of them only does what a link or a button on the page does.
const help = document.getElementById("keys");
const on = document.getElementById("keys-on");
const items = [...document.querySelectorAll("[data-item]")];
const STORED = "hongniang-keys";

function here() {
  return document.activeElement.closest("[data-item]");
}

function move(step) {
  const to = document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]");
  if (to) to.click();
  const next = items[items.indexOf(here()) + step] ?? (here() ? null : items[0]);
  if (next) next.querySelector("h2 a").focus();
}

function reasons() {
  const first = document.querySelector("#return input");
  if (first) first.focus();
  else here()?.querySelector("[data-return]")?.click();
}

function explain() {
  help.open = !help.open;
  if (help.open) help.scrollIntoView({ block: "nearest" });
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  p: () => (items.length ? here() : document)?.querySelector("[data-publish]")?.click(),
  r: reasons,
  "?": explain,
};

function isTyping(element) {
  return element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

if (help) {
  help.hidden = false;
  on.checked = localStorage.getItem(STORED) !== "off";
  on.addEventListener("change", () => localStorage.setItem(STORED, on.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const action = actions[event.key];
    if (!action || !on.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isTyping(event.target)) return;
    event.preventDefault();
    action();
  });
}
