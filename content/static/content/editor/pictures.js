/* Pictures in an article: chosen from those that are here, or taken in, in a box that the server writes. */

import {
  Caption as BaseCaption,
  Figure as BaseFigure,
  Image as BaseImage,
  Plugin,
  updateAttrsDialog,
} from "django-prose-editor/editor";

const OURS = /^\/pictures\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[/-]/;
const FAILED = "That didn’t work. Look whether you are still signed in and connected, then try again.";

/* Only pictures of this site, and only in a figure. */
export const Image = BaseImage.extend({
  group: "",
  draggable: false,
  addInputRules: () => [],
  parseHTML: () => [{ tag: "img[src]", getAttrs: (image) => OURS.test(image.getAttribute("src")) && null }],
});

export const Caption = BaseCaption.extend({
  group: "",

  addKeyboardShortcuts() {
    const place = () => {
      const { $from, empty } = this.editor.state.selection;
      return empty && $from.parent.type === this.type ? $from : null;
    };
    return {
      /* The caption is one line: the next one is below the picture. */
      Enter: () => {
        const $from = place();
        if (!$from) return false;
        return this.editor.commands.insertContentAt($from.after($from.depth - 1), { type: "paragraph" });
      },
      /* From the caption's beginning to the picture itself, which the next press takes out. */
      Backspace: () => {
        const $from = place();
        return $from?.parentOffset === 0 ? this.editor.commands.setNodeSelection($from.before($from.depth - 1)) : false;
      },
    };
  },
});

/* The picture that the selection is in, with where it is. */
const figureAt = ({ selection }) => {
  if (selection.node?.type.name === "figure") return { figure: selection.node, position: selection.from };
  const { $from } = selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name === "figure") return { figure: $from.node(depth), position: $from.before(depth) };
  }
  return null;
};

const isBox = ({ type }) => type.name === "weeklyPractice" || type.name === "callout";

/* The server's box of pictures. It is no part of the article's form, so it stands outside of it. */
const chooseBox = async (address, onChosen, files = null) => {
  const dialog = document.createElement("dialog");
  dialog.className = "picture-box";
  dialog.setAttribute("aria-labelledby", "picture-box-title");
  dialog.addEventListener("close", () => dialog.remove());

  const tell = (text) => {
    const place = dialog.querySelector("[data-told]");
    if (place) place.textContent = text;
  };
  const load = async (url, options = {}) => {
    dialog.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(url, { credentials: "same-origin", ...options });
      if (response.redirected || ![200, 201, 422].includes(response.status)) throw new Error(FAILED);
      if (response.status === 201) return await response.json();
      const old = dialog.querySelector("[name='q']") === document.activeElement;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      dialog.replaceChildren(...page.body.childNodes);
      const wrong = dialog.querySelector("[aria-invalid='true'], .field-error input");
      (wrong ?? (old ? dialog.querySelector("[name='q']") : null) ?? dialog.querySelector("h2"))?.focus();
    } catch {
      tell(FAILED);
    } finally {
      dialog.removeAttribute("aria-busy");
    }
    return null;
  };
  const done = (picture) => {
    dialog.close();
    onChosen(picture);
  };

  dialog.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.value === "close") dialog.close();
    if (button.dataset.picture) done({ src: button.dataset.picture });
  });
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    if (form.method === "get") {
      await load(`${address}?${new URLSearchParams(data)}`);
      return;
    }
    tell("Taking it in …");
    const taken = await load(address, { method: "POST", body: data });
    if (taken) done({ src: taken.address });
  });

  document.body.append(dialog);
  dialog.innerHTML = '<p data-told role="status"></p><button type="button" value="close">Close</button>';
  dialog.showModal();
  await load(address);
  const field = dialog.querySelector("input[type='file']");
  if (!files || !field) return;
  field.files = files;
  dialog.querySelector("input[name='alt']").focus();
};

/* Files alone: what is copied from a document brings its text, and often a picture of it. */
const filesIn = (data) => (data?.files.length && !data.getData("text/html") ? data.files : null);

export const Figure = BaseFigure.extend({
  content: "image caption",
  draggable: false,

  addOptions() {
    return { ...this.parent?.(), chooseAt: "" };
  },

  /* Instead of the menu that floats: a picture always has its line for a caption. */
  addExtensions: () => [],

  parseHTML: () => [
    {
      tag: "figure",
      getAttrs: (figure) => OURS.test(figure.querySelector("img")?.getAttribute("src") ?? "") && null,
    },
  ],

  /* A file that is pasted or dropped is asked for its words; dropped on a page it would take the page's place. */
  addProseMirrorPlugins() {
    const take = (event, files) => {
      if (!files) return false;
      event.preventDefault();
      this.editor.commands.takePicture(files);
      return true;
    };
    return [
      new Plugin({
        props: {
          handleDOMEvents: {
            paste: (view, event) => take(event, filesIn(event.clipboardData)),
            drop: (view, event) => take(event, filesIn(event.dataTransfer)),
          },
        },
      }),
    ];
  },

  addCommands() {
    const { chooseAt } = this.options;

    /* In place of the picture that is selected; else below the block that the cursor is in, or in place of an empty one. */
    const put = (editor, { src }) => {
      const { state, view } = editor;
      const image = state.schema.nodes.image.create({ src, alt: "" });
      const found = figureAt(state);
      if (found) {
        const inside = found.position + 1;
        view.dispatch(state.tr.replaceWith(inside, inside + found.figure.firstChild.nodeSize, image));
        editor.chain().setTextSelection(inside + 2).focus().run();
        return;
      }
      const { $to } = state.selection;
      const depth = Math.min($to.depth, isBox($to.node(1)) ? 2 : 1);
      const isEmpty = $to.depth === depth && $to.parent.content.size === 0;
      const start = isEmpty ? $to.before(depth) : $to.after(depth);
      const figure = this.type.create(null, [image, state.schema.nodes.caption.create()]);
      view.dispatch(state.tr.replaceWith(start, $to.after(depth), figure));
      /* In its caption: past the figure's own beginning, the picture, and the caption's. */
      editor.chain().setTextSelection(start + 3).focus().scrollIntoView().run();
    };

    return {
      takePicture:
        (files) =>
        ({ editor }) => {
          chooseBox(chooseAt, (picture) => put(editor, picture), files);
          return true;
        },
      editPicture:
        () =>
        ({ editor, state, dispatch }) => {
          if (!dispatch) return true;
          const found = figureAt(state);
          if (!found) {
            chooseBox(chooseAt, (picture) => put(editor, picture));
            return true;
          }
          const image = found.figure.firstChild;
          const dialogDone = () => document.querySelector(".prose-editor-dialog")?.close();
          const actions = [
            {
              text: "Another picture",
              handler: () => {
                dialogDone();
                editor.commands.setNodeSelection(found.position);
                chooseBox(chooseAt, (picture) => put(editor, picture));
              },
            },
            {
              text: "Take it out",
              handler: () => {
                dialogDone();
                editor.chain().setNodeSelection(found.position).deleteSelection().focus().run();
              },
            },
          ];
          const properties = {
            alt: {
              title: "What it shows, in this place",
              description: "For people who can’t see it. Left empty, the words that belong to the picture are read.",
            },
          };
          const answer = updateAttrsDialog(properties, { title: "Picture", submitText: "Save", actions })(editor, {
            alt: image.attrs.alt ?? "",
          });
          document.querySelector(".prose-editor-dialog")?.setAttribute("aria-label", "Picture");
          answer.then((given) => {
            if (!given) return;
            const { tr } = editor.state;
            tr.setNodeAttribute(found.position + 1, "alt", given.alt.trim());
            editor.view.dispatch(tr);
            editor.commands.focus();
          });
          return true;
        },
    };
  },
});
