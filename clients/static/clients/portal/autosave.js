// Saves what is typed within two seconds, keeps it on the page while it can't be saved, and tells of another window.
// Nothing is kept in the browser's storage: what is written here is for one person's eyes.

const IDLE = 800; // ms after the last key
const LONGEST = 2000; // ms after the first key that is not saved yet
const PATIENCE = 10000; // ms for an answer
const FIRST_RETRY = 2000;
const LAST_RETRY = 30000;
const KEEPALIVE_LIMIT = 20000; // letters; browsers let 64 kB outlive a page

const form = document.querySelector("form[data-draft]");
const trouble = form.querySelector("[data-trouble]");
const words = trouble.querySelector("[data-trouble-words]");
const actions = trouble.querySelector("[data-trouble-actions]");
const savedMark = document.getElementById("saved-mark");

let version = Number(form.elements.version.value);
let stored = content(asGiven()); // what was typed before this script ran is not stored
let unanswered = null; // sent, but whether it arrived is not known: sent again, alike, before anything newer
let running = null;
let retryAfter = FIRST_RETRY;
let stopped = false; // conflict or closed: only a person can decide
let isAway = false; // signed out, or somebody else is here: nothing is sent in their name
let leaving = false;
let idle, longest, retry;
const touched = new Set();

function content(of = form) {
  const fields = {};
  for (const [name, value] of new FormData(of)) {
    if (/^(a|keep)-/.test(name)) (fields[name] ??= []).push(value);
  }
  return JSON.stringify(fields);
}

function asGiven() {
  const copy = form.cloneNode(true);
  copy.reset();
  return copy;
}

function isUnsaved() {
  return unanswered !== null || content() !== stored;
}

function wait(milliseconds) {
  clearTimeout(idle);
  idle = setTimeout(save, milliseconds);
  longest ??= setTimeout(save, LONGEST);
}

// Resolves to whether everything is saved.
function save() {
  clearTimeout(idle);
  clearTimeout(longest);
  clearTimeout(retry);
  longest = undefined;
  running ??= saveAll().finally(() => { running = null; });
  return running;
}

async function saveAll() {
  while (!stopped && !isAway && isUnsaved()) {
    unanswered ??= content();
    const outcome = await send(unanswered, version).then(judge, () => "unreachable");
    if (outcome !== "saved") return outcome === "refused";
    stored = unanswered;
    unanswered = null;
  }
  return !stopped && !isAway;
}

function send(fields, number) {
  return fetch(form.dataset.draft, {
    method: "POST",
    body: `{"version":${number},"fields":${fields}}`,
    credentials: "same-origin",
    redirect: "manual",
    keepalive: fields.length < KEEPALIVE_LIMIT,
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    signal: AbortSignal.timeout(PATIENCE),
  }).catch((error) => {
    notYet();
    throw error;
  });
}

async function judge(reply) {
  if (reply.type === "opaqueredirect" || reply.status === 401) return signedOut();
  if (reply.status === 403) return (await freshToken()) ? "again" : signedOut();
  if (reply.status >= 500 || reply.status === 429) return notYet();
  const said = await reply.json().catch(() => ({}));
  if (reply.ok) return saved(said);
  if (reply.status === 409) return said.reason === "conflict" ? changedElsewhere(said) : closed(said);
  return refused(said);
}

function saved(said) {
  version = said.version;
  form.elements.version.value = String(version);
  retryAfter = FIRST_RETRY;
  trouble.hidden = true;
  for (const place of touched) say(place, said.saved, true);
  touched.clear();
  showProblems(said.problems);
  for (const place of form.querySelectorAll("[data-progress-words]")) place.textContent = said.progress;
  const bar = form.querySelector("progress");
  if (bar) bar.value = said.done;
  return "saved";
}

function showProblems(problems) {
  for (const old of form.querySelectorAll(".error-text[data-now]")) old.remove();
  for (const [field, message] of Object.entries(problems)) {
    const place = form.querySelector(`[id="${CSS.escape(field)}"]`)?.closest("[data-prompt]");
    const text = document.createElement("p");
    text.className = "error-text";
    text.dataset.now = "";
    text.textContent = message;
    place?.querySelector(".prompt-foot")?.before(text);
    if (place) say(place, "This answer is not saved yet.", false);
  }
}

function notYet() {
  for (const place of touched) say(place, "Not saved yet. We keep trying.", false);
  tell("Not saved yet. What you wrote is still here. We keep trying.");
  tryLater();
  return "unreachable";
}

function tryLater() {
  clearTimeout(retry);
  retry = setTimeout(save, retryAfter);
  retryAfter = Math.min(retryAfter * 2, LAST_RETRY);
}

// How to come in again is the clock's to say; what was written waits.
function signedOut() {
  for (const place of touched) say(place, "Not saved yet.", false);
  tell("You were signed out. What you wrote is still here, and is saved once you are back.");
  document.dispatchEvent(new Event("session-missing"));
  return "signed out";
}

// After signing in elsewhere, the page's token is an old one.
async function freshToken() {
  const reply = await fetch(form.dataset.draft, { credentials: "same-origin", redirect: "manual" });
  if (!reply.ok) return false;
  const { token } = await reply.json();
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  tryLater();
  return true;
}

function changedElsewhere(said) {
  stopped = true;
  unanswered = null;
  for (const [prompt, text] of Object.entries(said.other)) {
    const note = document.createElement("p");
    note.className = "notice other-window words";
    note.textContent = `In the other window: ${text}`;
    form.querySelector(`[id="q-${CSS.escape(prompt)}"] .prompt-foot`)?.before(note);
  }
  const mine = button("Use mine", () => {
    version = said.version;
    stored = "";
    stopped = false;
    trouble.hidden = true;
    for (const note of form.querySelectorAll(".other-window")) note.remove();
    save();
  });
  const other = button("Use the other", () => {
    leaving = true;
    location.reload();
  });
  tell(`${said.message} Nothing is lost: both are here.`, mine, other);
  form.querySelector(".other-window")?.scrollIntoView({ block: "center" });
  return "conflict";
}

function closed(said) {
  stopped = true;
  tell(said.message);
  return "closed";
}

function refused(said) {
  unanswered = null;
  tell(`Not saved: ${said.message ?? "please load the page again."}`);
  return "refused";
}

function tell(text, ...offers) {
  if (words.textContent !== text) words.textContent = text;
  actions.replaceChildren(...offers);
  actions.hidden = offers.length === 0;
  trouble.hidden = false;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button-second";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function say(place, text, good) {
  const status = place.querySelector("[data-saved]");
  if (!status || status.textContent.trim() === text) return;
  status.replaceChildren(...(good ? [savedMark.content.cloneNode(true)] : []), text);
}

form.addEventListener("input", (event) => {
  const place = event.target.closest("[data-prompt]");
  if (place) touched.add(place);
  wait(["radio", "checkbox"].includes(event.target.type) ? 100 : IDLE);
});

// Enter in a line of text saves it; it neither sends nor leaves.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input:not([type=submit])")) return;
  event.preventDefault();
  save();
});

form.addEventListener("submit", async (event) => {
  if (leaving) return;
  if (running === null && !stopped && !isUnsaved()) {
    leaving = true; // a form may not be submitted anew while it is being submitted, and waiting for nothing takes no time
    return;
  }
  event.preventDefault();
  const { submitter } = event;
  if (!(await save())) {
    trouble.scrollIntoView({ block: "nearest" });
    return;
  }
  leaving = true;
  form.requestSubmit(submitter);
});

function lastChance() {
  if (leaving || stopped || isAway || !isUnsaved()) return;
  if (running === null) {
    save();
  } else if (content() !== unanswered) {
    const latest = content();
    send(latest, version + 1).catch(() => {});
  }
}

document.addEventListener("visibilitychange", () => (document.hidden ? lastChance() : save()));
addEventListener("pagehide", lastChance);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  leaving = false;
  save();
});
addEventListener("focus", save);
document.addEventListener("session-over", () => { isAway = true; });
document.addEventListener("session-back", () => {
  isAway = false;
  save();
});
addEventListener("online", save);
addEventListener("beforeunload", (event) => {
  if (!leaving && !trouble.hidden && isUnsaved()) event.preventDefault();
});

if (isUnsaved()) wait(IDLE);
