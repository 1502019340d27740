// Tokens of the rule language, as far as the editor needs them: where a mistake's underline ends
// and what a one-click fix replaces. The program parses; this only measures.

export interface Range {
  from: number;
  to: number;
}

const WORD = /^\$?[A-Za-z0-9_]+(\.[0-9]+)?/;
const OPERATOR = /^(!=|>=|<=|[<>=(),])/;

// The token that starts at `index`; empty at the end of the text.
export function tokenAt(text: string, index: number): Range {
  const rest = text.slice(index);
  if (rest === "") return { from: text.length, to: text.length };
  if (rest.startsWith('"')) return { from: index, to: index + stringLength(rest) };
  const match = WORD.exec(rest) ?? OPERATOR.exec(rest);
  if (match) return { from: index, to: index + match[0].length };
  // Anything else (Chinese outside quotes, a full-width comma): to the next space.
  const run =
    /^[^\s"()]+/.exec(rest)?.[0].length ?? ((rest.codePointAt(0) as number) > 0xffff ? 2 : 1);
  return { from: index, to: index + run };
}

function stringLength(rest: string): number {
  for (let i = 1; i < rest.length; ++i) {
    if (rest[i] === "\\") ++i;
    else if (rest[i] === '"') return i + 1;
    else if (rest[i] === "\n") return i;
  }
  return rest.length;
}

const RESERVED = new Set(
  "and or not did then first last held everyone true false in is between where".split(" "),
);

const WORDS_OF_THEIR_PLACE = new Set(
  (
    "known unknown contains starts ends with anniversary today yesterday next previous this before " +
    "since from to ago times on days sum avg min max distinct within same tag any of audience group " +
    "follows friend coupon consents identity stage balance day week month quarter year ms s m h d w"
  ).split(" "),
);

// Whether every word of `text` is one of the language: then it can be shown to anybody, whatever
// language they read.
export function isLanguageOfRules(text: string): boolean {
  const words = text.split(" ");
  return words.every(
    (word) => RESERVED.has(word) || WORDS_OF_THEIR_PLACE.has(word) || /^[=!<>(),]+$/.test(word),
  );
}

// `name` as it is written in a rule: quoted where it has to be.
export function spelled(name: string, quoted: boolean): string {
  if (!quoted && /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name)) return name;
  return `"${name.replace(/[\\"]/g, "\\$&")}"`;
}

// The text with the token at `index` replaced.
export function replaceToken(text: string, index: number, written: string): string {
  const { from, to } = tokenAt(text, index);
  return text.slice(0, from) + written + text.slice(to);
}
