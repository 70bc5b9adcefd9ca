/* How much there is to read, and how hard it is, as content/body/reading.py works it out. */

import { Extension } from "django-prose-editor/editor";

const WORDS_A_MINUTE = 200;
const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;
const SENTENCE_END = /[.!?]+(?=\s|$)|\n+/;
/* School grade in English (Kincaid 1975) up to which each is true. Grade 6 is about age 11. */
const EASE = [
  [6.5, "Easy: most people of 11 can read it."],
  [9, "Fairly easy. Shorter sentences would make it easier."],
  [12, "Hard. Try shorter sentences and everyday words."],
  [Infinity, "Very hard. Try shorter sentences and everyday words."],
];

const syllables = (word) => {
  const groups = (word.match(/[aeiouy]+/g) ?? []).length;
  const isSilent = word.endsWith("e") && !word.endsWith("le") && groups > 1;
  return Math.max(1, groups - (isSilent ? 1 : 0));
};

const grade = (text, words) => {
  const sentences = text.split(SENTENCE_END).filter((part) => part.match(WORD)).length;
  const spoken = words.reduce((sum, word) => sum + syllables(word), 0);
  return (0.39 * words.length) / sentences + (11.8 * spoken) / words.length - 15.59;
};

const count = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

const inWords = (text) => {
  const words = text.toLowerCase().match(WORD) ?? [];
  if (!words.length) return "No words yet.";
  const minutes = Math.max(1, Math.ceil(words.length / WORDS_A_MINUTE));
  const said = `${count(words.length, "word")}. ${count(minutes, "minute")} to read.`;
  /* The measure is made for English. */
  if (!document.documentElement.lang.startsWith("en")) return said;
  const found = grade(text, words);
  const [, ease] = EASE.find(([most]) => found <= most);
  return `${said} Reading grade ${Math.max(0, found).toFixed(1)}. ${ease}`;
};

export const Counting = Extension.create({
  name: "counting",

  addStorage: () => ({ line: null }),

  onCreate({ editor }) {
    const line = document.createElement("p");
    line.className = "editor-count";
    editor.view.dom.after(line);
    const refresh = () => {
      const { doc } = editor.state;
      line.textContent = inWords(doc.textBetween(0, doc.content.size, "\n", " "));
    };
    editor.on("update", refresh);
    refresh();
    this.storage.line = line;
  },

  onDestroy() {
    this.storage.line?.remove();
  },
});
