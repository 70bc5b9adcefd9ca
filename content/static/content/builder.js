// The builder, made smoother: Alt and an arrow move the question one is at; a condition shows only its own answers.

const MOVES = { ArrowUp: "up", ArrowDown: "down" };

document.addEventListener("keydown", (event) => {
  const move = MOVES[event.key];
  const row = event.altKey && move && event.target.closest("[data-build-row]");
  if (!row || event.target.matches("select")) return;
  event.preventDefault();
  const button = row.querySelector(`[data-move="${move}"]`);
  button.focus();
  button.click();
});

function showKeys() {
  for (const line of document.querySelectorAll("[data-build-keys]")) line.hidden = false;
}

function showConditionAnswers() {
  for (const box of document.querySelectorAll("[data-condition]")) {
    const chosen = box.querySelector("[name=show_if]").value;
    for (const answers of box.querySelectorAll("[data-condition-of]")) answers.hidden = answers.dataset.conditionOf !== chosen;
  }
}

document.addEventListener("change", showConditionAnswers);
document.addEventListener("htmx:afterSwap", showKeys);
showKeys();
showConditionAnswers();
