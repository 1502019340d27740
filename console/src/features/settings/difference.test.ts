import { differenceOf } from "./difference";

describe("what an entry of the audit changed", () => {
  it("is what differs, member by member", () => {
    expect(
      differenceOf(
        { name: "老客", rule: "everyone", masks: { phone: true } },
        { name: "老客", rule: "not everyone", masks: { phone: false } },
      ),
    ).toEqual([
      { path: "rule", before: "everyone", after: "not everyone" },
      { path: "masks.phone", before: "true", after: "false" },
    ]);
  });

  it("is all of it where it was made or is gone", () => {
    expect(differenceOf(null, { name: "a", of: null })).toEqual([
      { path: "name", before: undefined, after: "a" },
      { path: "of", before: undefined, after: "–" },
    ]);
    expect(differenceOf("7d", null)).toEqual([{ path: "", before: "7d", after: undefined }]);
    expect(differenceOf(null, null)).toEqual([]);
  });

  it("shows lists and what lies deep as they are", () => {
    expect(differenceOf({ scopes: ["a"] }, { scopes: ["a", "b"] })).toEqual([
      { path: "scopes", before: '["a"]', after: '["a","b"]' },
    ]);
  });
});
