import { NAMES } from "@/test/fixtures";
import RULES from "@/test/rule_trees.json";
import { draftOfLiteral, kindOf, kindsFor, literalOf, newTest, toBlocks } from "./blocks";
import { print } from "./print";
import type { RuleNode } from "./tree";

// Trees as the program answered them to these rules (POST /rules/check), and in canonical spelling.
const rules = RULES as unknown as { rule: string; tree: RuleNode }[];
const treeOf = (rule: string) => rules.find((each) => each.rule === rule)?.tree as RuleNode;

function wordsIn(node: RuleNode): string[] {
  if (node.type === "words") return [node.text];
  if (node.type === "and" || node.type === "or") return node.parts.flatMap(wordsIn);
  if (node.type === "not") return wordsIn(node.part);
  return [];
}

describe("rules as blocks", () => {
  it("are printed in canonical spelling", () => {
    expect(rules.length).toBeGreaterThan(50);
    for (const { rule, tree } of rules) expect(print(tree)).toBe(rule);
  });

  it("lose nothing in becoming blocks", () => {
    for (const { rule, tree } of rules) expect(print(toBlocks(tree))).toBe(rule);
  });

  it("are words where there is no block, and only there", () => {
    const words = (rule: string) => wordsIn(toBlocks(treeOf(rule)));
    expect(words('balance "points" >= 100.5')).toEqual(['balance "points" >= 100.5']);
    expect(words("did not a where (b = 1) since $entry")).toHaveLength(1);
    expect(words('held(not tag "等级/VIP", 3d) and age is known')).toEqual([
      'held(not tag "等级/VIP", 3d)',
    ]);
    const whole = rules.filter(({ tree }) => wordsIn(toBlocks(tree)).length === 0);
    expect(whole.length).toBeGreaterThan(40);
  });

  it("keep a filter's words within the filter", () => {
    const first = toBlocks(treeOf("first a where (b = 1) with (c = $code) in this month"));
    expect(first).toMatchObject({ type: "first", with: { type: "words", text: "c = $code" } });
  });

  it("put words somebody wrote into parentheses, so that they mean what they meant alone", () => {
    const written: RuleNode = { type: "words", text: " a = 1 or b = 2 ", given: "a = 1" };
    expect(print({ type: "and", parts: [written, { type: "everyone" }] })).toBe(
      "(a = 1 or b = 2) and everyone",
    );
    expect(print({ type: "not", part: written })).toBe("not (a = 1 or b = 2)");
  });

  it("hold groups of one while they are made", () => {
    const one: RuleNode = { type: "or", parts: [{ type: "everyone" }] };
    expect(print({ type: "and", parts: [one] })).toBe("(everyone)");
  });

  it("begin as a sound test of every kind there is something for", () => {
    for (const kind of kindsFor(NAMES)) {
      const test = newTest(kind, NAMES);
      expect(kindOf(test)).toBe(kind);
      expect(print(test)).not.toMatch(/""|undefined/);
    }
    expect(kindsFor({ ...NAMES, tags: [], events: [] })).not.toContain("tag");
    expect(kindsFor({ ...NAMES, tags: [], events: [] })).not.toContain("sequence");
  });

  it("write values as their type wants them", () => {
    expect(literalOf("12.50", "money")).toEqual({ number: "12.50" });
    expect(literalOf("true", "bool")).toEqual({ bool: true });
    expect(literalOf("2026-01-31", "time")).toEqual({ date: "2026-01-31" });
    expect(literalOf("2026-01-31T08:00", "time")).toEqual({ moment: "2026-01-31T08:00" });
    expect(literalOf("7", undefined, { number: "6" })).toEqual({ number: "7" });
    expect(draftOfLiteral({ bool: false })).toBe("false");
  });
});
