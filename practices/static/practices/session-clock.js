// Says two minutes before that the session ends and lets it go on with one tap. After its end a client signs in again here,
// staff in a new tab; what was typed stays where it is. Once somebody else is signed in in this browser, the page shows nothing
// of whoever it was made for.
//
// Others hear of it from the document: "session-over", and "session-back" when whoever the page was made for is here again.

const WARNING = 120; // seconds before the end
const dialog = document.getElementById("session-clock");
const part = (name) => dialog.querySelector(`[data-session-${name}]`);
const [title, words, trouble] = ["title", "words", "trouble"].map(part);
const [stay, elsewhere, start, leave] = ["stay", "in", "start", "leave"].map(part);
const [mailForm, codeForm, resend] = ["mail", "code", "resend"].map(part);
let timer;
let whose = "own"; // "nobody": the session is over; "other": somebody else is signed in
let covered = []; // what is not shown to somebody else

function csrfFields() {
  return document.querySelectorAll("[name=csrfmiddlewaretoken]");
}

async function ask(url, method, body) {
  const headers = { "X-Page": dialog.dataset.mark };
  if (method === "POST") headers["X-CSRFToken"] = csrfFields()[0]?.value ?? "";
  else headers["X-Background"] = "yes";
  const reply = await fetch(url, { method, body, headers, credentials: "same-origin", cache: "no-store" });
  if (reply.status >= 500) throw new Error("unreachable");
  const said = await reply.json().catch(() => ({}));
  if (said.token) for (const field of csrfFields()) field.value = said.token;
  return { status: reply.status, ...said };
}

function wait(seconds) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(seconds, 1) * 1000);
}

// Another tab may have gone on meanwhile, so the server is asked before anybody is alarmed.
async function look() {
  const said = await ask(dialog.dataset.url, "GET").catch(() => null);
  if (said === null) return wait(15);
  if (said.status === 409) return somebodyElse();
  show(said.left ?? 0);
}

function show(left) {
  if (left <= 0) return over();
  if (whose !== "own") back();
  if (left > WARNING) {
    dialog.close();
    return wait(left - WARNING);
  }
  say("Are you still there?", "You will be signed out in two minutes. What you wrote stays.", [stay]);
  wait(left + 1);
}

function over() {
  if (whose === "nobody") return;
  away("nobody");
  if (mailForm) say("You were signed out", "What you wrote is still on this page. Sign in again, and go on.", [mailForm, elsewhere, leave]);
  else say("You were signed out", "What you wrote is still on this page. Sign in in a new tab, come back here, and go on.", [elsewhere]);
}

function somebodyElse() {
  if (whose === "other") return;
  away("other");
  for (const other of document.body.children) {
    if (other === dialog || other.hidden || other.matches("script, template")) continue;
    other.hidden = true;
    covered.push(other);
  }
  say("Somebody else is signed in here now", "This page was made for another person, so it is not shown.", [start, leave]);
}

function away(who) {
  clearTimeout(timer);
  whose = who;
  document.dispatchEvent(new Event("session-over"));
}

function back() {
  whose = "own";
  for (const other of covered) other.hidden = false;
  covered = [];
  document.dispatchEvent(new Event("session-back"));
}

function say(heading, text, shown) {
  title.textContent = heading;
  words.textContent = text;
  for (const each of [stay, mailForm, codeForm, elsewhere, start, leave]) if (each) each.hidden = !shown.includes(each);
  complain("");
  if (!dialog.open) dialog.showModal();
}

function complain(text) {
  trouble.textContent = text;
  trouble.hidden = text === "";
}

async function mail() {
  const said = await ask(mailForm.action, "POST").catch(() => null);
  if (said?.status !== 200) return complain(said?.message ?? (await whatIsWrong(said)));
  say("Write the code here", said.message, [codeForm, elsewhere, leave]);
  codeForm.elements.code.value = "";
  codeForm.elements.code.focus();
}

async function signIn() {
  const said = await ask(codeForm.action, "POST", new FormData(codeForm)).catch(() => null);
  if (said?.status === 200) return show(said.left);
  complain(said?.message ?? (await whatIsWrong(said)));
  codeForm.elements.code.select();
}

// A token that is too old is refused without a word; asking for the time brings a new one.
async function whatIsWrong(said) {
  if (said?.status !== 403) return "We can’t reach the practice. Try again in a moment.";
  await look();
  return "Please try that once more.";
}

function submitted(act) {
  let isBusy = false;
  return async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    await act().finally(() => { isBusy = false; });
  };
}

stay.addEventListener("click", async () => {
  const said = await ask(dialog.dataset.url, "POST").catch(() => null);
  if (said) show(said.left ?? 0);
});
mailForm?.addEventListener("submit", submitted(mail));
codeForm?.addEventListener("submit", submitted(signIn));
resend?.addEventListener("click", submitted(mail));
// Escape neither signs in nor shows what somebody else may not see.
dialog.addEventListener("cancel", (event) => whose !== "own" && event.preventDefault());
dialog.addEventListener("close", () => whose !== "own" && dialog.showModal());
// Whoever saves by themselves may be the first to be told.
document.addEventListener("session-missing", look);
addEventListener("focus", () => whose !== "own" && look());
addEventListener("pageshow", (event) => event.persisted && look());
document.addEventListener("visibilitychange", () => !document.hidden && look());
show(Number(dialog.dataset.left));
