/* What is pasted from Word, Google Docs and web pages becomes what an article may hold, as the server would make it. */

import { Extension, Plugin } from "django-prose-editor/editor";

const AROUND =
  "script, style, title, meta, link, nav, button, svg, noscript, template, iframe, object, video, audio, canvas, " +
  "select, textarea, dialog, xml";
const OURS = /^\/pictures\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\//;
const NUMBER = /^\(?([0-9ivxlc]{1,4}|[a-z])[.)]/i;
const SPACE = /[ \t\r\n\u00a0]*[ \t\r\n][ \t\r\n\u00a0]*|\u00a0{2,}/g;
const HEADINGS = "h1, h2, h3, h4, h5, h6";

/* The page's policy refuses styles and handlers, and says so for each, also in what is only read: so they are renamed. */
const withoutStyles = (html) =>
  html
    .replace(/<style\b[^>]*>[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<base\b[^>]*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-look=").replace(/\son\w+\s*=/gi, " data-was="));

const lookOf = (element) => (element.dataset.look ?? "").toLowerCase();
const isBold = (look) => /(?<![\w-])font-weight:\s*(bold(er)?|[5-9]\d\d)\b/.test(look);
const isItalic = (look) => /(?<![\w-])font-style:\s*(italic|oblique)/.test(look);
const saysLight = (look) => /(?<![\w-])font-weight:/.test(look) && !isBold(look);
const saysUpright = (look) => /(?<![\w-])font-style:/.test(look) && !isItalic(look);

const unwrap = (element) => element.replaceWith(...element.childNodes);

const wrap = (element, name) => {
  const made = element.ownerDocument.createElement(name);
  made.append(...element.childNodes);
  element.append(made);
};

const rename = (element, name) => {
  wrap(element, name);
  unwrap(element);
};

/* Takes the sign before a paragraph of a list away; gives the element that the list is. */
const takeMarker = (paragraph) => {
  const markers = [...paragraph.querySelectorAll("span")].filter((span) => /mso-list:\s*ignore/.test(lookOf(span)));
  const sign = markers[0]?.textContent.trim() ?? "";
  for (const marker of markers) marker.remove();
  return NUMBER.test(sign) ? "ol" : "ul";
};

const hasTextBetween = (list, paragraph) => {
  for (let node = list.nextSibling; node && node !== paragraph; node = node.nextSibling) {
    if (node.nodeType === Node.TEXT_NODE && node.data.trim()) return true;
  }
  return false;
};

/* Paragraphs that Word made to look like items become items, each list in the one that it is part of. */
const gatherLists = (body) => {
  let open = [];
  let list = null;
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const level = Number(/mso-list:\s*l\d+\s+level(\d)/.exec(lookOf(paragraph))?.[1] ?? 0);
    if (!level) continue;
    const kind = takeMarker(paragraph);
    if (!list || paragraph.previousElementSibling !== list || hasTextBetween(list, paragraph)) open = [];
    open = open.filter((each) => each.level <= level);
    if (!open.length || open.at(-1).level < level) {
      const made = paragraph.ownerDocument.createElement(kind);
      if (open.length) {
        open.at(-1).list.lastElementChild.append(made);
      } else {
        paragraph.before(made);
        list = made;
      }
      open.push({ level, list: made });
    }
    const item = paragraph.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    open.at(-1).list.append(item);
    paragraph.remove();
  }
};

/* Bold and italics that came as styles. */
const asElements = (body) => {
  for (const element of body.querySelectorAll("span, b, strong, i, em")) {
    const look = lookOf(element);
    if (element.localName === "span") {
      if (isItalic(look)) wrap(element, "em");
      if (isBold(look)) wrap(element, "strong");
      unwrap(element);
    } else if (element.matches("b, strong") ? saysLight(look) : saysUpright(look)) {
      unwrap(element);
    }
  }
  for (const heading of body.querySelectorAll(HEADINGS)) heading.querySelectorAll("b, strong").forEach(unwrap);
};

/* A document of Google's leads to itself first. */
const straighten = (link) => {
  const href = link.getAttribute("href");
  for (const name of link.getAttributeNames()) if (name !== "href") link.removeAttribute(name);
  if (!URL.canParse(href)) return;
  const address = new URL(href);
  const target = address.host === "www.google.com" && address.pathname === "/url" && address.searchParams.get("q");
  if (target) link.setAttribute("href", target);
};

const withoutForeignPictures = (body) => {
  const foreign = [...body.querySelectorAll("img")].filter((image) => !OURS.test(image.getAttribute("src") ?? ""));
  for (const image of foreign) image.remove();
  for (const figure of body.querySelectorAll("figure")) if (!figure.querySelector("img")) unwrap(figure);
  return foreign.length;
};

/* What stands apart on the page that it came from does so here, too. */
const partParagraphs = (body) => {
  for (const part of body.querySelectorAll("td, th, dt, dd, caption, figcaption, blockquote > cite")) {
    if (!part.closest("figure")) rename(part, part.querySelector("p") ? "div" : "p");
  }
};

/* Lines without anything, which hold space open where a page's own style does that. */
const withoutBlanks = (body) => {
  for (const line of body.querySelectorAll("p")) if (!line.textContent.trim() && !line.querySelector("img")) line.remove();
  for (const end of body.querySelectorAll("br")) if (!end.closest("p, li, blockquote, figcaption, " + HEADINGS)) end.remove();
};

const plain = (html, onLost) => {
  if (html.includes("data-pm-slice")) return html;
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  for (const element of body.querySelectorAll(AROUND)) element.remove();
  gatherLists(body);
  asElements(body);
  for (const link of body.querySelectorAll("a[href]")) straighten(link);
  const lost = withoutForeignPictures(body);
  partParagraphs(body);
  for (const element of body.querySelectorAll("[data-look]")) element.removeAttribute("data-look");
  const texts = body.ownerDocument.createNodeIterator(body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) text.data = text.data.replace(SPACE, " ");
  withoutBlanks(body);
  if (lost) onLost(lost);
  return body.innerHTML;
};

export const PlainPaste = Extension.create({
  name: "plainPaste",

  addProseMirrorPlugins() {
    const { element } = this.editor.options;
    const say = (count) => {
      const what = count === 1 ? "A picture was" : `${count} pictures were`;
      const detail = `${what} left out. Bring pictures in with “Picture”, so that they have words and fit this site.`;
      element.dispatchEvent(new CustomEvent("editor:told", { detail }));
    };
    return [new Plugin({ props: { transformPastedHTML: (html) => plain(html, say) } })];
  },
});
