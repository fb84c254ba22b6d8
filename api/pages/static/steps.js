// One step of the form at a time. Not a module: the class must be there before the first paint,
// or the long form would be seen to collapse. Without this script the form stays one long page.
document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form.stepped");
  if (!form) return;
  const items = [...form.querySelectorAll(".steps > li")];
  const now = () => Number(form.dataset.step);
  const stepOf = (id) => {
    const step = id && document.getElementById(id)?.closest(".step");
    return step && form.contains(step) ? Number(step.id.slice(5)) : 0;
  };

  function show(number, focus) {
    form.dataset.step = number;
    items.forEach((item, index) => {
      item.classList.toggle("done", index + 1 < number);
      if (index + 1 === number) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    if (focus) document.getElementById(focus)?.focus();
  }

  function go(number) {
    if (number < 1 || number > items.length) return;
    history.pushState(null, "", `#step-${number}`);
    show(number, `step-${number}-name`);
    form.closest("main").querySelector("h1").scrollIntoView({ block: "nearest" });
  }

  // Back and forward, links to fields with a problem, and addresses that were kept.
  function follow(focus) {
    const id = decodeURIComponent(location.hash.slice(1));
    const number = stepOf(id) || (id ? 0 : first);
    if (!number) return;
    show(number);
    if (focus) document.getElementById(id.startsWith("step-") || !id ? `step-${number}-name` : id)?.focus();
  }

  const first = now();
  const wrong = document.querySelector(".problem[role=alert]");
  if (!wrong) follow(false);
  else wrong.focus();
  addEventListener("popstate", () => follow(true));
  form.querySelector(".next").addEventListener("click", () => go(now() + 1));
  form.querySelector(".back").addEventListener("click", () => go(now() - 1));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    const id = link?.getAttribute("href").slice(1);
    const number = stepOf(id);
    if (!number) return;
    event.preventDefault();
    if (number !== now()) history.pushState(null, "", `#${id}`);
    show(number, id.startsWith("step-") ? `${id}-name` : id);
  });
  // Enter in a line goes on; only in the last step it sends.
  form.addEventListener("keydown", (event) => {
    const inLine = event.target.matches("input");
    if (event.key !== "Enter" || event.isComposing || !inLine || now() === items.length) return;
    event.preventDefault();
    go(now() + 1);
  });
});
