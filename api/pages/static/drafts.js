// Keeps what is typed: the first change makes a draft, every pause saves it, and so does leaving.
const form = document.getElementById("demand");
const line = document.getElementById("kept");
const PAUSE = 1000;
const FIRST_RETRY = 5000;
const LONGEST_RETRY = 60000;
// Of what is sent while the page is left browsers allow 64 KB, and a Chinese character takes three bytes.
const MOST_WHEN_LEAVING = 20000;
let code = line?.dataset.code ?? "";
let waiting = 0;
let retry = FIRST_RETRY;
let running = null;
let changed = false;
let stopped = false;

function typed() {
  const skipped = new Set(["form_token", "submission", "seen", "version", "signed_in", "draft"]);
  return Object.fromEntries([...new FormData(form)].filter(([name]) => !skipped.has(name)));
}

function say(text, ...more) {
  if (line.textContent !== text || more.length) line.replaceChildren(text, ...more);
}

function kept(answer) {
  if (answer.code) {
    code = answer.code;
    form.action = `/demands/drafts/${code}`;
    history.replaceState(null, "", `${form.action}${location.hash}`);
    const note = document.getElementById("kept-code");
    note.querySelector("code").textContent = code;
    note.hidden = false;
  }
  form.elements.seen.value = answer.version;
  retry = FIRST_RETRY;
  say(`已保存 ${answer.saved}`);
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet small";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function link(text, address) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = text;
  return made;
}

// Another window was faster: nothing more is saved until somebody decides.
function refused(problem) {
  stopped = true;
  if (problem.type === "/problems/draft-sent") {
    say("这份需求已在另一窗口提交，本页的改动没有保存。", link("查看回执", `/receipts/${code}`));
    return;
  }
  const mine = button("用本页的内容", () => {
    stopped = false;
    form.elements.seen.value = "";
    save();
  });
  const theirs = link("载入那边的内容", `/demands/drafts/${code}`);
  theirs.className = "button quiet small";
  say("另一窗口改过这份草稿。", mine, theirs);
}

function later(text) {
  say(text);
  changed = true;
  waiting = setTimeout(save, retry);
  retry = Math.min(2 * retry, LONGEST_RETRY);
}

async function send() {
  const body = code
    ? { typed: typed(), version: form.elements.seen.value || null }
    : { typed: typed(), submission: form.elements.submission?.value ?? "" };
  const content = JSON.stringify(body);
  const answer = await fetch(code ? `/api/v1/drafts/${code}` : "/api/v1/drafts", {
    method: code ? "PUT" : "POST",
    headers: { "Content-Type": "application/json", "X-Form-Token": form.elements.form_token.value },
    body: content,
    keepalive: content.length < MOST_WHEN_LEAVING,
  });
  const said = await answer.json();
  if (answer.ok) kept(said);
  else if (answer.status === 409) refused(said);
  else if (answer.status === 422) say(said.detail);
  else if (answer.status === 403) say("登录状态已变化，草稿暂未保存；提交时内容不会丢失。");
  else if (answer.status === 404) say("草稿已被删除，内容都在本页，可以直接提交。");
  else if (said.type === "/problems/drafts-full") later(said.detail);
  else later("暂未保存，稍后自动再试。");
}

async function save() {
  clearTimeout(waiting);
  if (running) return;
  while (changed && !stopped) {
    changed = false;
    running = send().catch(() => later("暂未保存，网络恢复后自动再试。"));
    await running;
    running = null;
    if (changed) return;
  }
}

function note() {
  changed = true;
  if (stopped) return;
  clearTimeout(waiting);
  waiting = setTimeout(save, PAUSE);
}

if (line) {
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed && !stopped) save();
  });
  // A draft that is just being made must be there before it is sent, or it would stay behind.
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    const making = running && !code;
    stopped = true;
    if (!making) return;
    event.preventDefault();
    const submitter = event.submitter;
    running.finally(() => form.requestSubmit(submitter));
  });
  addEventListener("pageshow", (event) => event.persisted && stopped && location.reload());
}
