/* Saves title, text and excerpt while somebody writes. What anybody else saved meanwhile is never written over: then this
   stops, and says so. Nothing is kept in the browser's storage. */

const LOOK_EVERY = 1500; // ms
const PATIENCE = 10000; // ms for an answer
const LAST_RETRY = 30000;
const KEEPALIVE_LIMIT = 20000; // letters; browsers let 64 kB outlive a page

const line = document.querySelector("[data-article-autosave]");
const form = line.closest("form");
const said = line.querySelector("[data-said]");
const trouble = line.querySelector("[data-trouble]");
const { title, excerpt, body, byline, seen } = form.elements;

let address = line.dataset.articleAutosave;
let stored = null; // set once the editor has put the text into its own form
let running = null;
let wait = 0;
let notBefore = 0;
let stopped = false;
let leaving = false;

const content = () => JSON.stringify({ title: title.value, excerpt: excerpt.value, body: body.value });
const isUnsaved = () => stored !== null && content() !== stored;

const say = (text) => {
  said.textContent = text;
  trouble.hidden = true;
};

const warn = (text) => {
  if (trouble.textContent !== text) trouble.textContent = text;
  trouble.hidden = false;
  said.textContent = "";
};

const later = (text) => {
  wait = Math.min((wait || 2000) * 2, LAST_RETRY);
  notBefore = Date.now() + wait;
  warn(text);
};

const send = (sent, keepalive) =>
  fetch(address, {
    method: "POST",
    body: JSON.stringify({ ...JSON.parse(sent), byline: byline.value, seen: seen.value }),
    credentials: "same-origin",
    redirect: "manual",
    keepalive,
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    signal: AbortSignal.timeout(PATIENCE),
  });

/* A new article has an address from its first save on: this page becomes the page of that article. */
const begin = (reply) => {
  address = reply.autosave;
  history.replaceState(null, "", reply.address);
  if (!byline.value) byline.add(new Option(reply.byline.name, reply.byline.id, true, true));
};

const judge = async (reply, sent) => {
  if (reply.type === "opaqueredirect" || reply.status === 401 || reply.status === 403) {
    return later("You are signed out, so this is not saved yet. Sign in in another tab, then save here.");
  }
  if (reply.status >= 500 || reply.status === 429) return later("Not saved yet. We keep trying.");
  const answer = await reply.json().catch(() => ({}));
  if (reply.ok) {
    stored = sent;
    wait = 0;
    seen.value = answer.seen;
    if (answer.address) begin(answer);
    return say(answer.saved);
  }
  if (reply.status === 409) {
    stopped = true;
    return warn(answer.message);
  }
  return later(`Not saved yet. ${answer.message ?? ""}`);
};

const save = () => {
  const sent = content();
  running = send(sent, false)
    .then((reply) => judge(reply, sent), () => later("Not saved yet: the site can’t be reached. We keep trying."))
    .finally(() => { running = null; });
  return running;
};

const isDue = () => !stopped && !leaving && !running && isUnsaved() && Date.now() >= notBefore;

/* The editor writes the text anew as it reads it, which is no change that anybody made. */
const start = () => {
  stored ??= content();
  setInterval(() => {
    if (!title.value.trim()) return;
    if (isUnsaved() && trouble.hidden) said.textContent = "Saving …";
    if (isDue()) save();
  }, LOOK_EVERY);
};

/* A save that is still on its way would make the form an old one: it is waited for. */
form.addEventListener("submit", (event) => {
  leaving = true;
  if (!running) return;
  event.preventDefault();
  const { submitter } = event;
  running.then(() => form.requestSubmit(submitter));
});

window.addEventListener("pagehide", () => {
  if (leaving || stopped || running || !isUnsaved() || !title.value.trim()) return;
  if (body.value.length < KEEPALIVE_LIMIT) send(content(), true).catch(() => {});
});

window.addEventListener("beforeunload", (event) => {
  if (!leaving && (isUnsaved() || running)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => { if (document.hidden && isDue() && title.value.trim()) save(); });

line.hidden = false;
if (document.readyState === "complete") start();
else window.addEventListener("load", start);
