/* What an article may hold besides plain text: the question to the reader, the practice for the week, the callout. */

import {
  Document as BaseDocument,
  Heading as BaseHeading,
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

/* Prompts, practices and callouts stand on their own: never in a list, a quote or each other. */
export const Document = BaseDocument.extend({ content: "(block | articleBlock)+" });

/* Pasted text may bring headings that the page keeps for itself. */
export const Heading = BaseHeading.extend({
  parseHTML() {
    const small = ["h4", "h5", "h6"].map((tag) => ({ tag, attrs: { level: 3 } }));
    return [...this.parent(), { tag: "h1", attrs: { level: 2 } }, ...small];
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
          if (editor.isActive("weeklyPractice") || editor.isActive("callout")) return false;
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

/* Puts the selected blocks into a box, or takes them out of the one that they are in. */
const toggleBox =
  (type, attrs) =>
  ({ state, tr, dispatch }) => {
    const { $from, $to } = state.selection;
    const selected = $from.blockRange($to, (node) => node === state.doc);
    if (!selected) return false;
    const { start, end, startIndex, endIndex } = selected;
    const chosen = state.doc.content.content.slice(startIndex, endIndex);
    if (chosen.length === 1 && chosen[0].type === type) {
      const inside = tr.doc.resolve(start + 1).blockRange(tr.doc.resolve(end - 1), (node) => node === chosen[0]);
      if (dispatch) tr.lift(inside, 0);
      return true;
    }
    if (chosen.some((node) => isBox(node))) return false;
    if (!dispatch) return true;
    tr.doc.nodesBetween(start, end, (node, position) => {
      if (node.type.name === "reflectionPrompt") tr.setNodeMarkup(position, state.schema.nodes.paragraph);
      return false;
    });
    const range = tr.doc.resolve($from.pos).blockRange(tr.doc.resolve($to.pos), (node) => node === tr.doc);
    tr.wrap(range, [{ type, attrs }]);
    return true;
  };

const isBox = ({ type }) => type.name === "weeklyPractice" || type.name === "callout";

export const WeeklyPractice = Node.create({
  name: "weeklyPractice",
  group: "articleBlock",
  content: "block+",
  defining: true,

  addAttributes: () => identifierAttribute("data-practice"),
  parseHTML: () => [{ tag: "section[data-practice]" }],
  renderHTML: ({ HTMLAttributes }) => ["section", mergeAttributes(HTMLAttributes), 0],

  addCommands() {
    return { toggleWeeklyPractice: () => toggleBox(this.type, { identifier: "" }) };
  },

  addKeyboardShortcuts() {
    return { "Mod-Alt-p": () => this.editor.commands.toggleWeeklyPractice() };
  },
});

export const Callout = Node.create({
  name: "callout",
  group: "articleBlock",
  content: "block+",
  defining: true,

  parseHTML: () => [{ tag: "section[data-callout]" }],
  renderHTML: () => ["section", { "data-callout": "" }, 0],

  addCommands() {
    return { toggleCallout: () => toggleBox(this.type, {}) };
  },

  addKeyboardShortcuts() {
    return { "Mod-Alt-c": () => this.editor.commands.toggleCallout() };
  },
});

const completeAddress = (address) => {
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(address)) return `mailto:${address}`;
  return /^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(address) ? `https://${address}` : address;
};

const HINT = "A web or email address, or a page of this site such as /contact/. Leave it empty to take the link away.";
const REFUSED = "Links can’t lead there. Use a web address, an email address or a page of this site.";

/* As the server decides it. */
const mayLeadTo = (address) => {
  const [, scheme] = /^([^/?#:]*):/.exec(address.replace(/\s/g, "")) ?? [];
  return scheme === undefined || ["http", "https", "mailto"].includes(scheme.toLowerCase());
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
            { href: { title: "Where it leads", description: HINT } },
            { title: "Link", submitText: "Save link" },
          )(editor, { href });
          const dialog = document.querySelector(".prose-editor-dialog");
          dialog?.setAttribute("aria-label", "Link");
          const field = dialog?.querySelector("input");
          field?.addEventListener("input", () => field.setCustomValidity(mayLeadTo(field.value) ? "" : REFUSED));
          answer.then((attributes) => {
            if (!attributes) return;
            const address = completeAddress(attributes.href.trim());
            const chain = editor.chain().focus().setTextSelection({ from, to }).extendMarkRange("link");
            const linked = address ? chain.setLink({ href: address }) : chain.unsetLink();
            /* What is typed next comes after it, and is no part of it. */
            const goOn = ({ tr }) => Boolean(tr.removeStoredMark(this.type));
            linked.setTextSelection(to).command(goOn).run();
          });
          return true;
        },
    };
  },
});
