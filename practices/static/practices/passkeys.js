// Lets a form make or use a passkey: the browser asks, and what it answers is sent along.
// data-passkey is "create" or "get"; the options lie in the page (data-options) or are fetched (data-options-url).

const { create, get } = window.webauthnJSON;

async function optionsFor(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const reply = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!reply.ok) throw new Error("no options");
  return reply.json();
}

async function ask(form) {
  const options = await optionsFor(form);
  return form.dataset.passkey === "create" ? create(options.creation_options) : get(options.request_options);
}

function tell(form, text) {
  const place = form.querySelector("[data-passkey-trouble]");
  place.textContent = text;
  place.hidden = false;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    tell(form, "This browser can’t use passkeys.");
    continue;
  }
  for (const place of form.querySelectorAll("[data-needs-passkeys]")) place.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
    } catch {
      tell(form, "That was stopped, or took too long. Try once more.");
      return;
    }
    form.submit();
  });
}
