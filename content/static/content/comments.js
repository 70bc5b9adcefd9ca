// Keys of the moderation queue: j next, k back, a approve, s spam, x remove, u take back. They can be switched off; nothing needs them.
const strip = document.querySelector("[data-keys]");
const toggle = document.querySelector("[data-keys-switch]");
const rows = [...document.querySelectorAll("[data-row]")];
const tickAll = document.querySelector("[data-tick-all]");
const STORED = "desk-keys";

function keysAreOn() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

function showSwitch() {
  toggle.setAttribute("aria-pressed", String(keysAreOn()));
  toggle.textContent = keysAreOn() ? "Keys on" : "Keys off";
}

function current() {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

function move(step) {
  const from = current();
  const target = rows[from < 0 ? 0 : from + step];
  if (target) target.focus();
}

// Without a row in hand nothing is decided: a key pressed by chance must not approve the first one.
function decide(state) {
  rows[current()]?.querySelector(`[data-to="${state}"]`)?.click();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  a: () => decide("approved"),
  s: () => decide("spam"),
  x: () => decide("removed"),
  u: () => document.querySelector("[data-key-undo]")?.click(),
};

function isTyping(element) {
  return element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

if (strip) {
  strip.hidden = false;
  showSwitch();
  toggle.addEventListener("click", () => {
    try {
      localStorage.setItem(STORED, keysAreOn() ? "off" : "on");
    } catch {
      return;
    }
    showSwitch();
  });
}
if (tickAll) {
  tickAll.hidden = false;
  tickAll.addEventListener("change", (event) => {
    for (const row of rows) row.querySelector("[name=comments]").checked = event.target.checked;
  });
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target) || !keysAreOn()) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
