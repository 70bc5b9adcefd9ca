// Names what Django's own widgets leave without a name, for people who hear the page.
"use strict";

function labelOf(select) {
  const label = document.querySelector(`label[for="${select.id}"]`);
  return label ? label.textContent.trim() : "";
}

function nameAutocompletes(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const box = select.parentElement.querySelector(".select2-selection");
    const name = labelOf(select) || select.getAttribute("aria-label");
    if (!box || !name) continue;
    const value = box.querySelector(".select2-selection__rendered");
    box.removeAttribute("aria-labelledby");
    box.setAttribute("aria-label", name);
    if (!value) continue;
    value.setAttribute("aria-label", name);
    box.setAttribute("aria-describedby", value.id);
  }
}

function nameTooltips(root) {
  for (const icon of root.querySelectorAll(".help-tooltip[aria-label]:not([role])")) icon.setAttribute("role", "img");
}

function nameOpenedList(event) {
  const box = event.target.parentElement.querySelector(".select2-selection");
  const search = document.querySelector(".select2-container--open .select2-search__field");
  if (box && box.hasAttribute("aria-owns")) box.setAttribute("aria-controls", box.getAttribute("aria-owns"));
  if (search) search.setAttribute("aria-label", labelOf(event.target) || "Search");
}

// Select2 starts when jQuery says the document is ready, in order; the lists side by side start on load.
if (window.django && window.django.jQuery) {
  window.django.jQuery(() => nameAutocompletes(document));
  window.django.jQuery(document).on("select2:open", nameOpenedList);
}
window.addEventListener("load", () => nameTooltips(document));
document.addEventListener("formset:added", (event) => {
  nameAutocompletes(event.target);
  nameTooltips(event.target);
});
