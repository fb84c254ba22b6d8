// While the form is typed: what the coach thinks of it. It advises and never stands in the way;
// the focus stays where it is, and answers that come late are dropped.
const form = document.getElementById("demand");
const panel = document.getElementById("coach");
const ASKED = ["title", "problem", "indicators", "goal", "keywords", "organisation", "contact", "phone", "field", "industry", "budget", "deadline"];
const CHOICES = ["field", "industry"];
const PAUSE = 450;
const touched = new Set(CHOICES.filter((name) => form.elements[name].value));
const quiet = new Map();
let waiting = 0;
let latest = 0;
let asking = null;

const part = (name) => document.querySelector(`[data-part="${name}"]`);
const labelOf = (name) => document.querySelector(`label[for="${name}"]`).firstChild.textContent.trim();

function element(tag, text, properties = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, ...properties });
}

function link(name, text) {
  return element("a", text, { href: `#${name}` });
}

function showCriteria(criteria) {
  for (const { name, score, suggestion } of criteria) {
    const place = panel.querySelector(`[data-criterion="${name}"]`);
    place.querySelector("meter").value = score;
    place.querySelector("[data-score]").textContent = score;
    place.querySelector("[data-suggestion]").replaceChildren(...(suggestion ? [link(suggestion.field, suggestion.text)] : []));
  }
}

function showChips(name, items) {
  const isBesideField = part(name).classList.contains("proposals");
  if (isBesideField) part(name).classList.toggle("empty-yet", items.length === 0); // its place stays
  else part(name).hidden = items.length === 0;
  part(name).querySelector("ul").replaceChildren(...items.map((item) => {
    const line = document.createElement("li");
    line.append(item);
    return line;
  }));
}

function words() {
  return form.elements.keywords.value.split(/[,，;；、|\n]/).map((word) => word.trim()).filter(Boolean);
}

function keyword(word) {
  const add = element("button", `＋ ${word}`, { type: "button", className: "chip add" });
  add.setAttribute("aria-label", `加入关键词“${word}”`);
  add.addEventListener("click", () => {
    form.elements.keywords.value = [...words(), word].join("、");
    form.elements.keywords.dispatchEvent(new Event("input", { bubbles: true }));
    add.parentElement.remove();
    (part("keywords").querySelector("button") ?? form.elements.keywords).focus();
  });
  return add;
}

// Chosen for the writer only while nothing was chosen, marked as a proposal, and free to change.
function propose(name, value) {
  const select = form.elements[name];
  if (touched.has(name) || !value || select.value === value) return;
  select.value = value;
  document.querySelector(`[data-proposed="${name}"]`).hidden = false;
  form.dispatchEvent(new Event("change"));
}

// Places count characters, as people do; JavaScript counts halves of some of them.
function mirrored(name, text, places) {
  const letters = [...text];
  const copy = element("p", "", { className: "mirror" });
  copy.append(element("b", labelOf(name)), " ");
  let at = 0;
  for (const { start, end } of places) {
    if (start < at) continue;
    copy.append(letters.slice(at, start).join(""), element("mark", letters.slice(start, end).join("")));
    at = end;
  }
  copy.append(letters.slice(at).join(""));
  return copy;
}

function showDisclosures(found, sent) {
  const box = document.getElementById("giveaways");
  box.hidden = found.length === 0;
  box.querySelector("ul").replaceChildren(...found.map((place) => {
    const line = document.createElement("li");
    line.append(link(place.field, labelOf(place.field)), "：", element("mark", place.text), ` ${place.advice}`);
    return line;
  }));
  const names = [...new Set(found.map((place) => place.field))];
  box.querySelector("[data-mirror]").replaceChildren(...names.map((name) => mirrored(name, sent[name], found.filter((place) => place.field === name))));
}

// Said aloud only when it differs, and not before the writer has paused for longer.
function say(text) {
  clearTimeout(quiet.get("timer"));
  quiet.set("timer", setTimeout(() => {
    const place = panel.querySelector("[data-said]");
    if (place.textContent !== text) place.textContent = text;
  }, 2500));
}

function show(advice, sent) {
  panel.querySelector("[data-total]").textContent = advice.score;
  showCriteria(advice.criteria);
  const texts = [...new Set(advice.quantities.map(({ property, text }) => `${property} ${text}`.trim()))];
  showChips("quantities", texts.map((text) => element("span", text, { className: "chip" })));
  const present = new Set(words());
  showChips("keywords", present.size < 5 ? advice.keywords.filter((word) => !present.has(word)).map(keyword) : []);
  part("related").hidden = advice.related === null;
  panel.querySelector("[data-related]").textContent = advice.related ?? 0;
  for (const name of CHOICES) propose(name, advice[name]);
  showDisclosures(advice.disclosures, sent);
  say(`描述得分 ${advice.score}，满分 20；会暴露单位的字句 ${advice.disclosures.length} 处。`);
}

async function ask() {
  const number = ++latest;
  const sent = Object.fromEntries(ASKED.map((name) => [name, form.elements[name].value]));
  for (const name of CHOICES) if (!touched.has(name)) sent[name] = "";
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch("/api/v1/coach", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Form-Token": form.elements.form_token.value },
      body: JSON.stringify(sent),
      signal: asking.signal,
    });
    if (answer.ok && number === latest) {
      const advice = await answer.json();
      if (number === latest) show(advice, sent);
    }
  } catch {
    // Nothing is lost: the coach only advises, and the server looks again by itself.
  }
}

form.addEventListener("input", (event) => {
  if (CHOICES.includes(event.target.name)) {
    touched.add(event.target.name);
    document.querySelector(`[data-proposed="${event.target.name}"]`).hidden = true;
  }
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
if (ASKED.some((name) => form.elements[name].value && !CHOICES.includes(name))) ask();
