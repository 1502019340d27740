// Which parts of the text are underlined, and what one click makes of them.

import type { Problem } from "@/api/problem";
import { indexOfByte } from "@/text/byte_offset";
import { isLanguageOfRules, replaceToken, spelled, tokenAt } from "@/text/token";
import type { Checked } from "./asking";

export interface Mark {
  from: number;
  to: number;
  kind: "mistake" | "warning";
  code: string;
  // Of a mistake: what would have been accepted, in words of the rule language.
  expected: string | undefined;
  name: string | undefined;
  line: number | undefined;
  column: number | undefined;
  nearest: string | undefined;
  detail: string;
  // The text with the nearest name in this place.
  fixed: string | undefined;
}

export function marksOf(text: string, checked: Checked): Mark[] {
  if (checked.state === "mistake") return [mistakeOf(text, checked.mistake.problem)];
  return checked.warnings.map(({ code, offset, name, nearest }) => ({
    ...place(text, offset, nearestOf(code, nearest)),
    kind: "warning",
    code,
    detail: name,
    name,
    expected: undefined,
    line: undefined,
    column: undefined,
  }));
}

function mistakeOf(text: string, problem: Problem): Mark {
  const { code, detail, offset = 0, expected, nearest, line, column } = problem;
  const where = place(text, offset, nearestOf(code, nearest));
  return {
    ...where,
    kind: "mistake",
    code,
    detail,
    line,
    column,
    name: isNameUnknown(code) ? text.slice(where.from, where.to) : undefined,
    // What is said in a sentence is said by the code's own sentence already.
    expected:
      expected && (isLanguageOfRules(expected) || CIRCLE.test(expected)) ? expected : undefined,
  };
}

const CIRCLE = /\u2192/;

function isNameUnknown(code: string): boolean {
  return code.startsWith("audience.unknown_") && code !== "audience.unknown_character";
}

interface Nearest {
  text: string;
  // A name, which may need quotes; else a word of the language.
  isName: boolean;
}

function nearestOf(code: string, nearest: string | null | undefined): Nearest | undefined {
  if (nearest === null || nearest === undefined) return undefined;
  return { text: nearest, isName: isNameUnknown(code) };
}

function place(text: string, offset: number, nearest: Nearest | undefined) {
  const index = indexOfByte(text, offset);
  const token = tokenAt(text, index);
  if (!nearest) return { ...token, nearest: undefined, fixed: undefined };
  const quoted = text[token.from] === '"';
  const written = nearest.isName ? spelled(nearest.text, quoted) : nearest.text;
  return { ...token, nearest: nearest.text, fixed: replaceToken(text, index, written) };
}

export interface Piece {
  text: string;
  mark: Mark | null;
}

// The text cut at the marks, in order; marks that overlap an earlier one are left out. A mark at
// the end of the text becomes a piece of its own with no text.
export function piecesOf(text: string, marks: readonly Mark[]): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const mark of [...marks].sort((a, b) => a.from - b.from)) {
    if (mark.from < end) continue;
    if (mark.from > end) pieces.push({ text: text.slice(end, mark.from), mark: null });
    pieces.push({ text: text.slice(mark.from, mark.to), mark });
    end = mark.to;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), mark: null });
  return pieces;
}
