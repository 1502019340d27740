import { draftOf, readDraft } from "./value_draft";

describe("a value in a field", () => {
  it("comes back as it was", () => {
    const values = [
      ["int", 31],
      ["decimal", "0.125"],
      ["money", "12345.60"],
      ["text", "上海"],
      ["bool", false],
      ["date", "--05-17"],
      ["text_list", ["咖啡", "徒步"]],
    ] as const;
    for (const [type, value] of values) {
      expect(readDraft(draftOf(value, type, "Asia/Shanghai"), type)).toEqual(value);
    }
  });

  it("is a moment of the workspace's clock", () => {
    const draft = draftOf("2026-01-31T00:30:00.000Z", "time", "Asia/Shanghai");
    expect(draft).toBe("2026-01-31T08:30");
    expect(readDraft(draft, "time")).toBe("2026-01-31T08:30");
  });

  it("is refused where it is none of its type", () => {
    expect(readDraft("3.5", "int")).toBeUndefined();
    expect(readDraft("12,50", "money")).toBeUndefined();
    expect(readDraft("2026-1-31", "date")).toBeUndefined();
    expect(readDraft(" ", "text")).toBeUndefined();
    expect(draftOf(null, "text", "UTC")).toBe("");
  });
});
