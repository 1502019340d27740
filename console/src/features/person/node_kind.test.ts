import { kindOf } from "./node_kind";

const node = (rule: string, ...parts: string[]) =>
  kindOf({
    rule,
    parts: parts.map((part) => ({
      rule: part,
      answer: true,
      since: null,
      next_change: null,
      facts: [],
      facts_total: 0,
      parts: [],
    })),
  });

describe("kind of a node", () => {
  it("tells and from or by what stands between the parts", () => {
    expect(node("a = 1 and b = 2", "a = 1", "b = 2")).toBe("all");
    expect(node("a = 1 or b = 2", "a = 1", "b = 2")).toBe("any");
    expect(node("(a = 1 or c = 3) and b = 2", "a = 1 or c = 3", "b = 2")).toBe("all");
    expect(node("a = 1 and c = 3 or b = 2", "a = 1 and c = 3", "b = 2")).toBe("any");
    expect(node('a = " or " and b = 2', 'a = " or "', "b = 2")).toBe("all");
  });

  it("knows not, held and a test", () => {
    expect(node("not a = 1", "a = 1")).toBe("not");
    expect(node("held(a = 1, 3d)", "a = 1")).toBe("held");
    expect(node("did not x")).toBe("single");
  });
});
