// Says two minutes before that the session ends, lets it go on with one tap, and after its end offers to sign in
// again without leaving the page: what was typed stays where it is.

const WARNING = 120; // seconds before the end
const dialog = document.getElementById("session-clock");
const title = dialog.querySelector("[data-session-title]");
const words = dialog.querySelector("[data-session-words]");
const stay = dialog.querySelector("[data-session-stay]");
const signIn = dialog.querySelector("[data-session-in]");
let timer;
let isOver = false;

function csrfFields() {
  return document.querySelectorAll("[name=csrfmiddlewaretoken]");
}

async function ask(method) {
  const headers = method === "POST" ? { "X-CSRFToken": csrfFields()[0]?.value ?? "" } : { "X-Background": "yes" };
  const reply = await fetch(dialog.dataset.url, { method, headers, credentials: "same-origin", cache: "no-store" });
  if (reply.status === 401 || reply.status === 403) return { left: 0 };
  if (!reply.ok) throw new Error("unreachable");
  const said = await reply.json();
  for (const field of csrfFields()) field.value = said.token;
  return said;
}

function wait(seconds) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(seconds, 1) * 1000);
}

// Another tab may have gone on meanwhile, so the server is asked before anybody is alarmed.
async function look() {
  const said = await ask("GET").catch(() => null);
  if (said === null) return wait(15);
  show(said.left);
}

function show(left) {
  if (left <= 0) return over();
  isOver = false;
  if (left > WARNING) {
    if (dialog.open) dialog.close();
    return wait(left - WARNING);
  }
  title.textContent = "Are you still there?";
  words.textContent = "You will be signed out in two minutes. What you wrote stays.";
  stay.hidden = false;
  signIn.hidden = true;
  open();
  wait(left + 1);
}

function over() {
  clearTimeout(timer);
  isOver = true;
  title.textContent = "You were signed out";
  words.textContent = "What you wrote is still on this page. Sign in in a new tab, come back here, and go on.";
  stay.hidden = true;
  signIn.hidden = false;
  open();
}

function open() {
  if (!dialog.open) dialog.showModal();
}

stay.addEventListener("click", async () => {
  const said = await ask("POST").catch(() => null);
  if (said) show(said.left);
});
addEventListener("focus", () => isOver && look());
document.addEventListener("visibilitychange", () => !document.hidden && (isOver || dialog.open) && look());
show(Number(dialog.dataset.left));
