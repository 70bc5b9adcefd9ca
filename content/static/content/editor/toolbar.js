/* The editor's toolbar: words instead of signs, one stop in the tab order, arrow keys inside. */

import { Extension } from "django-prose-editor/editor";

const modifier = /Mac|iPhone|iPad/.test(navigator.platform) ? "Cmd" : "Ctrl";

/* Each tool: its label, a hint, the command, and the name by which the editor knows that it is on. */
const groups = [
  [
    ["Question to the reader", `${modifier}+Alt+Q`, "toggleReflectionPrompt", [], ["reflectionPrompt"]],
    ["Practice for the week", `${modifier}+Alt+P`, "toggleWeeklyPractice", [], ["weeklyPractice"]],
    ["Callout", `A box for what should stand out, ${modifier}+Alt+C`, "toggleCallout", [], ["callout"]],
  ],
  [
    ["Heading", `${modifier}+Alt+2`, "toggleHeading", [{ level: 2 }], ["heading", { level: 2 }]],
    ["Small heading", `${modifier}+Alt+3`, "toggleHeading", [{ level: 3 }], ["heading", { level: 3 }]],
  ],
  [
    ["Bold", `${modifier}+B`, "toggleBold", [], ["bold"]],
    ["Italic", `${modifier}+I`, "toggleItalic", [], ["italic"]],
    ["Link", `${modifier}+K, with some words selected`, "addLink", [], ["link"]],
  ],
  [
    ["List", `${modifier}+Shift+8`, "toggleBulletList", [], ["bulletList"]],
    ["Numbered list", `${modifier}+Shift+7`, "toggleOrderedList", [], ["orderedList"]],
    ["Quote", `${modifier}+Shift+B`, "toggleBlockquote", [], ["blockquote"]],
    ["Divider", "A short line between two parts", "setHorizontalRule", [], null],
    ["Picture", "A picture of yours, or one that is here", "editPicture", [], ["figure"]],
  ],
  [
    ["Undo", `${modifier}+Z`, "undo", [], null],
    ["Redo", `${modifier}+Shift+Z`, "redo", [], null],
  ],
];

const mayRun = (editor, command, values) => {
  if (command === "addLink") return !editor.state.selection.empty || editor.isActive("link");
  if (command === "toggleReflectionPrompt") return !editor.isActive("weeklyPractice") && !editor.isActive("callout");
  return editor.can()[command](...values);
};

const toolButton = (editor, [label, hint, command, values, active]) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "editor-tool";
  button.textContent = label;
  button.title = hint;
  button.tabIndex = -1;
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (button.ariaDisabled !== "true") editor.chain().focus()[command](...values).run();
  });
  const refresh = () => {
    if (active) button.ariaPressed = String(editor.isActive(...active));
    button.ariaDisabled = String(!mayRun(editor, command, values));
  };
  return { button, refresh };
};

const moveWithArrows = (toolbar, buttons) => {
  const stepTo = (index) => {
    const next = buttons.at(index % buttons.length);
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  };
  toolbar.addEventListener("keydown", (event) => {
    const index = buttons.indexOf(document.activeElement);
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    stepTo(target);
  });
  toolbar.addEventListener("focusin", (event) => {
    for (const button of buttons) button.tabIndex = button === event.target ? 0 : -1;
  });
};

/* The writing area takes the name, the help and the state of the field it stands for. */
const nameAfterField = (editor, toolbar) => {
  const area = editor.view.dom;
  const field = area.closest(".prose-editor")?.querySelector("textarea");
  if (!field) return;
  area.id = `${field.id}-area`;
  toolbar.setAttribute("aria-controls", area.id);
  const [label] = field.labels;
  if (label) {
    label.id ||= `${field.id}-label`;
    area.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", () => editor.commands.focus());
  } else {
    area.setAttribute("aria-label", "Text");
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (field.hasAttribute(name)) area.setAttribute(name, field.getAttribute(name));
  }
};

export const ArticleToolbar = Extension.create({
  name: "articleToolbar",

  addStorage: () => ({ toolbar: null, told: null }),

  onCreate({ editor }) {
    const toolbar = document.createElement("div");
    toolbar.className = "editor-toolbar";
    toolbar.setAttribute("role", "toolbar");
    toolbar.setAttribute("aria-label", "Writing tools");
    const tools = groups.map((group) => group.map((tool) => toolButton(editor, tool)));
    for (const group of tools) {
      const element = document.createElement("div");
      element.className = "editor-tools";
      element.append(...group.map(({ button }) => button));
      toolbar.append(element);
    }
    const buttons = tools.flat().map(({ button }) => button);
    buttons[0].tabIndex = 0;
    moveWithArrows(toolbar, buttons);
    nameAfterField(editor, toolbar);
    editor.view.dom.before(toolbar);
    /* What happened that the writer may not have seen. */
    const told = document.createElement("p");
    told.className = "editor-told";
    told.setAttribute("role", "status");
    editor.view.dom.before(told);
    editor.options.element.addEventListener("editor:told", ({ detail }) => (told.textContent = detail));
    const refresh = () => tools.flat().forEach((tool) => tool.refresh());
    editor.on("transaction", refresh);
    refresh();
    this.storage.toolbar = toolbar;
    this.storage.told = told;
  },

  onDestroy() {
    this.storage.toolbar?.remove();
    this.storage.told?.remove();
  },

  addKeyboardShortcuts() {
    return {
      "Alt-F10": () => {
        this.storage.toolbar?.querySelector("[tabindex='0']")?.focus();
        return true;
      },
    };
  },
});
