/* What an article may hold besides plain text: the question to the reader and the practice for the week. */

import {
  Caption as BaseCaption,
  Document as BaseDocument,
  Heading as BaseHeading,
  Image as BaseImage,
  Link as BaseLink,
  mergeAttributes,
  Node,
  Plugin,
  updateAttrsDialog,
} from "django-prose-editor/editor";

/* Tiptap adds a style element, which a strict policy refuses with a message in the console, unless it finds one. This
   one only has the name: it is no element of HTML, so no browser applies it. Our stylesheet holds the same rules. */
if (!document.querySelector("style[data-tiptap-style]")) {
  const placeholder = document.createElementNS(null, "style");
  placeholder.setAttribute("data-tiptap-style", "");
  document.head.append(placeholder);
}

/* Prompts and practices stand on their own: never in a list, a quote or each other. */
export const Document = BaseDocument.extend({ content: "(block | articleBlock)+" });

/* A picture and its caption only stand in a figure. */
export const Image = BaseImage.extend({ group: "" });
export const Caption = BaseCaption.extend({ group: "" });

/* Pasted text may bring headings that the page keeps for itself. */
export const Heading = BaseHeading.extend({
  parseHTML() {
    return [...this.parent(), { tag: "h1", attrs: { level: 2 } }, { tag: "h4", attrs: { level: 3 } }];
  },
});

const identifierAttribute = (attribute) => ({
  identifier: {
    default: "",
    parseHTML: (element) => element.getAttribute(attribute),
    renderHTML: ({ identifier }) => ({ [attribute]: identifier }),
  },
});

/* Splitting or copying a block must not double its identifier: the block that had it keeps it, others get a new one
   from the server. */
const withoutDoubles = (transactions, before, after) => {
  if (!transactions.some(({ docChanged }) => docChanged)) return null;
  const homes = new Map();
  before.doc.forEach(({ attrs }, offset) => {
    const home = transactions.reduce((position, { mapping }) => mapping.map(position), offset);
    if (attrs.identifier) homes.set(attrs.identifier, home);
  });
  const holders = new Map();
  after.doc.forEach(({ attrs }, offset) => {
    if (attrs.identifier) holders.set(attrs.identifier, [...(holders.get(attrs.identifier) ?? []), offset]);
  });
  const { tr } = after;
  for (const [identifier, offsets] of holders) {
    const home = homes.get(identifier);
    const keeper = offsets.includes(home) ? home : offsets[0];
    for (const offset of offsets) if (offset !== keeper) tr.setNodeAttribute(offset, "identifier", "");
  }
  return tr.docChanged ? tr : null;
};

export const ReflectionPrompt = Node.create({
  name: "reflectionPrompt",
  group: "articleBlock",
  content: "inline*",
  defining: true,

  addAttributes: () => identifierAttribute("data-prompt"),
  parseHTML: () => [{ tag: "p[data-prompt]", priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ["p", mergeAttributes(HTMLAttributes), 0],

  addCommands() {
    return {
      toggleReflectionPrompt:
        () =>
        ({ commands, editor }) => {
          if (editor.isActive("weeklyPractice")) return false;
          return editor.isActive(this.name) ? commands.setParagraph() : commands.setNode(this.name);
        },
    };
  },

  addProseMirrorPlugins: () => [new Plugin({ appendTransaction: withoutDoubles })],

  addKeyboardShortcuts() {
    const place = () => {
      const { $from, empty } = this.editor.state.selection;
      return empty && $from.parent.type.name === this.name ? $from : null;
    };
    return {
      "Mod-Alt-q": () => this.editor.commands.toggleReflectionPrompt(),
      Enter: () => {
        const $from = place();
        if (!$from || $from.parentOffset > 0 || $from.parent.content.size === 0) return false;
        /* At the start of a question, the new line goes before it and the question keeps what it is. */
        return this.editor.commands.insertContentAt($from.before(), { type: "paragraph" }, { updateSelection: false });
      },
      Backspace: () => (place()?.parentOffset === 0 ? this.editor.commands.setParagraph() : false),
    };
  },
});

export const WeeklyPractice = Node.create({
  name: "weeklyPractice",
  group: "articleBlock",
  content: "block+",
  defining: true,

  addAttributes: () => identifierAttribute("data-practice"),
  parseHTML: () => [{ tag: "section[data-practice]" }],
  renderHTML: ({ HTMLAttributes }) => ["section", mergeAttributes(HTMLAttributes), 0],

  addCommands() {
    return {
      toggleWeeklyPractice:
        () =>
        ({ state, tr, dispatch }) => {
          const { $from, $to } = state.selection;
          const selected = $from.blockRange($to, (node) => node === state.doc);
          if (!selected) return false;
          const { start, end, startIndex, endIndex } = selected;
          const chosen = state.doc.content.content.slice(startIndex, endIndex);
          if (chosen.length === 1 && chosen[0].type === this.type) {
            const inside = tr.doc.resolve(start + 1).blockRange(tr.doc.resolve(end - 1), (node) => node === chosen[0]);
            if (dispatch) tr.lift(inside, 0);
            return true;
          }
          if (chosen.some(({ type }) => type === this.type)) return false;
          if (!dispatch) return true;
          tr.doc.nodesBetween(start, end, (node, position) => {
            if (node.type.name === "reflectionPrompt") tr.setNodeMarkup(position, state.schema.nodes.paragraph);
            return false;
          });
          const range = tr.doc.resolve($from.pos).blockRange(tr.doc.resolve($to.pos), (node) => node === tr.doc);
          tr.wrap(range, [{ type: this.type, attrs: { identifier: "" } }]);
          return true;
        },
    };
  },

  addKeyboardShortcuts() {
    return { "Mod-Alt-p": () => this.editor.commands.toggleWeeklyPractice() };
  },
});

const completeAddress = (address) => {
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(address)) return `mailto:${address}`;
  return /^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(address) ? `https://${address}` : address;
};

export const Link = BaseLink.extend({
  addCommands() {
    return {
      ...this.parent?.(),
      addLink:
        () =>
        ({ editor }) => {
          const { from, to } = editor.state.selection;
          const { href = "" } = editor.getAttributes("link");
          if (from === to && !editor.isActive("link")) return false;
          const answer = updateAttrsDialog(
            { href: { title: "Address", description: "Leave it empty to take the link away." } },
            { title: "Link", submitText: "Save link" },
          )(editor, { href });
          document.querySelector(".prose-editor-dialog")?.setAttribute("aria-label", "Link");
          answer.then((attributes) => {
            if (!attributes) return;
            const address = completeAddress(attributes.href.trim());
            const chain = editor.chain().focus().setTextSelection({ from, to }).extendMarkRange("link");
            (address ? chain.setLink({ href: address }) : chain.unsetLink()).run();
          });
          return true;
        },
    };
  },
});
