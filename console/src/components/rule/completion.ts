// What could stand at the caret: a hint from the words before it. The program's check has the
// last word.
import type { Names } from "@/api/names";
import { labelOf } from "@/text/label";
import { spelled } from "@/text/token";

export interface Completion {
  // What is replaced by a chosen option.
  from: number;
  to: number;
  options: Option[];
}

export interface Option {
  insert: string;
  kind:
    | "attribute"
    | "event"
    | "property"
    | "tag"
    | "audience"
    | "purpose"
    | "channel"
    | "identity"
    | "word";
  // The label of an event, an attribute or a property; the type of what has none.
  detail: string;
}

const OPTIONS_MAX = 8;
const TEST_WORDS = [
  "did",
  "not",
  "first",
  "last",
  "tag",
  "audience",
  "everyone",
  "held",
  "consents",
  "identity",
];
const AFTER_TEST_WORDS = ["and", "or", "where", "in", "is", "between", "then", "times", "with"];

export function completionAt(
  text: string,
  caret: number,
  names: Names,
  language: string,
): Completion | null {
  const before = text.slice(0, caret);
  const string = openString(before);
  if (string !== null) return inString(before, string, names);

  const word = /[A-Za-z_][A-Za-z0-9_]*$/.exec(before)?.[0] ?? "";
  const from = caret - word.length;
  const head = before.slice(0, from);
  if (word === "") return null;
  const options = matching(word, wordOptions(head, names, language)).filter(
    (each) => each.insert !== word,
  );
  return options.length === 0 ? null : { from, to: caret, options };
}

// Where the string the caret stands in was opened.
function openString(before: string): number | null {
  let open: number | null = null;
  for (let i = 0; i < before.length; ++i) {
    if (before[i] === "\\" && open !== null) ++i;
    else if (before[i] === '"') open = open === null ? i : null;
  }
  return open;
}

function inString(before: string, open: number, names: Names): Completion | null {
  const head = before.slice(0, open).trimEnd();
  const found = stringOptions(head, names);
  const options = matching(before.slice(open + 1), found).map((option) => ({
    ...option,
    insert: spelled(option.insert, true),
  }));
  return options.length === 0 ? null : { from: open, to: before.length, options };
}

function stringOptions(head: string, names: Names): Option[] {
  const all = (kind: Option["kind"], list: readonly string[]) =>
    list.map((insert) => ({ insert, kind, detail: "" }));
  if (/\btag any of$/.test(head)) return all("tag", names.tag_groups);
  if (/\btag$/.test(head)) return all("tag", names.tags);
  if (/\baudience$/.test(head)) return all("audience", [...names.audiences, ...names.lists]);
  if (/\bconsents to$/.test(head)) return all("purpose", names.purposes);
  if (/\bconsents to "[^"]*" on$/.test(head)) return all("channel", names.channels);
  if (/\bidentity on$/.test(head)) return all("identity", names.identity_kinds);
  return [];
}

function wordOptions(head: string, names: Names, language: string): Option[] {
  const words = (list: readonly string[]): Option[] =>
    list.map((insert) => ({ insert, kind: "word", detail: "" }));
  const events = names.events.map(
    (event): Option => ({
      insert: spelled(event.name, false),
      kind: "event",
      detail: labelOf(event, language),
    }),
  );
  const step = openFilter(head);
  if (step !== null) {
    const properties = names.events.find((event) => event.name === step)?.properties ?? [];
    return [...typed("property", properties, language), ...words(AFTER_TEST_WORDS)];
  }
  if (/\b(did( not)?|then( not)?|first|last)\s+$/.test(head)) return [...events, ...words(["not"])];
  const attributes = typed("attribute", names.attributes, language);
  if (/(^|\b(and|or|not)\s+|\(\s*)$/.test(head)) return [...attributes, ...words(TEST_WORDS)];
  return [...words(AFTER_TEST_WORDS), ...attributes];
}

function typed(
  kind: "attribute" | "property",
  list: Names["attributes"],
  language: string,
): Option[] {
  return list.map((each) => {
    const label = labelOf(each, language);
    const detail = label === each.name ? each.type : label;
    return { insert: spelled(each.name, false), kind, detail };
  });
}

// The event whose `where (` or `with (` is still open.
function openFilter(head: string): string | null {
  const match = /([a-z_][a-z0-9_]*)\s+(?:where|with)\s*\((?<inside>[^"]*(?:"[^"]*"[^"]*)*)$/.exec(
    head,
  );
  if (!match) return null;
  let depth = 1;
  for (const character of match.groups?.inside ?? "") {
    if (character === "(") ++depth;
    if (character === ")") --depth;
    if (depth === 0) return null;
  }
  return match[1] ?? null;
}

// Those that start with what was typed, then those that contain it.
function matching(typed: string, options: Option[]): Option[] {
  const needle = typed.toLowerCase();
  const ranked = options
    .map((option) => ({ option, rank: rankOf(option, needle) }))
    .filter(({ rank }) => rank < 2)
    .sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, OPTIONS_MAX).map(({ option }) => option);
}

function rankOf({ insert, detail }: Option, needle: string): number {
  const at = insert.toLowerCase().indexOf(needle);
  if (at === 0) return 0;
  return at > 0 || detail.toLowerCase().includes(needle) ? 1 : 2;
}
