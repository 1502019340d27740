import { ProblemError } from "@/api/problem";
import type { Checked } from "./asking";
import { type Mark, marksOf, piecesOf } from "./marks";

function mistake(offset: number, nearest?: string, code = "audience.unknown_event"): Checked {
  const problem = { code, status: 422, detail: "", offset };
  return {
    state: "mistake",
    mistake: new ProblemError(nearest === undefined ? problem : { ...problem, nearest }),
  };
}

const underlined = (text: string, marks: Mark[]) =>
  piecesOf(text, marks)
    .map(({ text: piece, mark }) => (mark ? `[${piece}]` : piece))
    .join("");

describe("marks", () => {
  it("underlines the token at the byte, counted in UTF-8", () => {
    const text = 'tag "等级/VIP🍎" and did order_piad';
    const offset = new TextEncoder().encode('tag "等级/VIP🍎" and did ').length;
    const marks = marksOf(text, mistake(offset, "order_paid"));
    expect(underlined(text, marks)).toBe('tag "等级/VIP🍎" and did [order_piad]');
    expect(marks[0]?.fixed).toBe('tag "等级/VIP🍎" and did order_paid');
  });

  it("quotes a name where it needs it, and never a word of the language", () => {
    const fixed = (text: string, offset: number, nearest: string, code?: string) =>
      marksOf(text, mistake(offset, nearest, code))[0]?.fixed;
    expect(fixed('tag "VPI"', 4, "等级/VIP", "audience.unknown_tag")).toBe('tag "等级/VIP"');
    expect(fixed("did shop", 4, "first")).toBe('did "first"');
    expect(fixed("did x in lst 3d", 9, "last", "audience.expected_word")).toBe("did x in last 3d");
  });

  it("marks the end where something is missing", () => {
    expect(underlined("did ", marksOf("did ", mistake(4)))).toBe("did []");
  });

  it("marks every unknown name of a warning, each once", () => {
    const warning = (offset: number, name: string) => ({
      code: "audience.unknown_attribute",
      offset,
      name,
      nearest: null,
    });
    const text = "a = 1 or b = 2";
    const marks = marksOf(text, {
      state: "good",
      canonical: "",
      tree: { type: "everyone" },
      warnings: [warning(9, "b"), warning(0, "a"), warning(0, "a")],
    });
    expect(underlined(text, marks)).toBe("[a] = 1 or [b] = 2");
  });

  it("keeps the whole text", () => {
    const text = "did x and y = 1";
    for (let offset = 0; offset <= text.length; ++offset) {
      const pieces = piecesOf(text, marksOf(text, mistake(offset)));
      expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    }
  });
});
