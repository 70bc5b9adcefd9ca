// Keys of the review queue: j next, k back, r mark read, a assign. They can be switched off; nothing needs them.
const strip = document.querySelector("[data-keys]");
const toggle = document.querySelector("[data-keys-switch]");
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

function move(step) {
  const items = [...document.querySelectorAll(".queue-item")];
  const opened = items.findIndex((item) => item.hasAttribute("aria-current"));
  const focused = items.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : opened;
  const target = items[from < 0 ? 0 : from + step];
  if (target) target.click();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  r: () => document.querySelector("[data-key-read]")?.click(),
  a: () => document.querySelector("[data-key-assign]")?.click(),
};

function isTyping(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

function listen() {
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
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target) || !keysAreOn()) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

// Where no key does anything there is no strip.
if (strip) listen();
document.querySelector(".queue-item[aria-current]")?.scrollIntoView({ block: "nearest" });
