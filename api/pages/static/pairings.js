// Keys for a list of pairings, the countdown of 撤回, printing. Everything works without this.
const cards = [...document.querySelectorAll(".card")];
const keys = document.getElementById("keys");

function current() {
  return document.activeElement?.closest(".card") ?? null;
}

function go(step) {
  if (cards.length === 0) return;
  const at = cards.indexOf(current());
  const next = at < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.min(Math.max(at + step, 0), cards.length - 1);
  cards[next].focus();
  cards[next].scrollIntoView({ block: "nearest" });
}

function reject(card) {
  const menu = card?.querySelector("[data-key=x]");
  if (!menu) return;
  menu.open = true;
  menu.querySelector("select").focus();
}

// A decision loads the page again: go on where one was.
const place = "hongniang-place";
for (const form of document.querySelectorAll(".verdicts")) {
  form.addEventListener("submit", () => sessionStorage.setItem(place, String(cards.indexOf(form.closest(".card")))));
}
const last = Number(sessionStorage.getItem(place) ?? -1);
sessionStorage.removeItem(place);
if (last >= 0 && cards.length > 0 && document.querySelector("[data-toast]")) {
  const next = cards[Math.min(last, cards.length - 1)];
  next.focus();
  addEventListener("load", () => next.focus()); // following the fragment takes the focus away
}

const actions = {
  j: () => go(1),
  k: () => go(-1),
  a: () => current()?.querySelector("[data-key=a]")?.click(),
  x: () => reject(current()),
  c: () => current()?.querySelector(".pick input")?.click(),
  o: () => current()?.querySelector("h3 a")?.click(),
  z: () => document.querySelector("[data-toast] [data-key=z]")?.click(),
  "/": () => (document.getElementById("text") ?? document.querySelector("[role=search] input"))?.focus() ?? location.assign("/"),
  "?": () => keys?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || keys?.open) return;
  if (event.target.closest("input, textarea, select")) return;
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

const help = document.querySelector("[data-keys]");
if (help) {
  help.hidden = false;
  help.addEventListener("click", actions["?"]);
}
const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

// The bar goes after ten seconds, unless somebody is about to use it.
const toast = document.querySelector("[data-toast]");
if (toast) {
  const address = new URL(location.href);
  address.searchParams.delete("said");
  history.replaceState(null, "", address);
  const seconds = toast.querySelector(".seconds");
  let left = 10;
  const tick = () => {
    if (!toast.matches(":hover, :focus-within")) left -= 1;
    seconds.textContent = ` ${left} 秒`;
    if (left > 0) setTimeout(tick, 1000);
    else toast.remove();
  };
  seconds.textContent = ` ${left} 秒`;
  setTimeout(tick, 1000);
}
