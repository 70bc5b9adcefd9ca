// What a form of prompts does by itself: shows what an earlier answer calls for, adds rows, opens a day, says whom to call.

const form = document.querySelector("form[data-draft], form[data-try]");

function picked(prompt) {
  const inputs = form.querySelectorAll(`[name="a-${prompt}"]`);
  return [...inputs].filter((input) => !["radio", "checkbox"].includes(input.type) || input.checked).map((input) => input.value);
}

function isOneOf(prompt, values) {
  return picked(prompt).some((value) => values.includes(value));
}

// A prompt that depends on a hidden one is hidden too; what was written in it stays.
function showWhatIsAsked() {
  for (const section of form.querySelectorAll("[data-show-if]")) {
    const earlier = form.querySelector(`#q-${section.dataset.showIf}`);
    section.hidden = !earlier || earlier.hidden || !isOneOf(section.dataset.showIf, JSON.parse(section.dataset.showValues));
  }
}

function showWhomToCall() {
  for (const place of form.querySelectorAll("[data-safety]")) {
    place.firstElementChild.hidden = !isOneOf(place.dataset.safety, JSON.parse(place.dataset.safetyValues));
  }
}

function addRow(button) {
  const group = button.closest("[data-group]");
  const rows = group.querySelector("[data-rows]");
  const numbers = [...rows.querySelectorAll("[name]")].map((field) => Number(field.name.slice(group.dataset.group.length + 1).split("-")[0]));
  const next = Math.max(-1, ...numbers) + 1;
  const copy = group.querySelector("[data-row-template]").content.cloneNode(true);
  for (const element of copy.querySelectorAll("*")) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll("__row__", String(next));
    if (element.childElementCount === 0) element.textContent = element.textContent.replaceAll("__row__", String(next + 1));
  }
  rows.append(copy);
  button.hidden = rows.querySelectorAll("[data-row]").length >= Number(group.dataset.mostRows);
  rows.lastElementChild.querySelector("input, textarea, select")?.focus();
}

function openDay() {
  const day = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = day && day.closest("details");
  if (folded && !folded.open) {
    folded.open = true;
    day.scrollIntoView();
  }
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (!button) return;
  event.preventDefault();
  addRow(button);
});
form.addEventListener("change", () => {
  showWhatIsAsked();
  showWhomToCall();
});
addEventListener("hashchange", openDay);
showWhatIsAsked();
showWhomToCall();
openDay();
document.querySelector(".error-summary")?.focus();
