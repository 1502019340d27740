import { differenceOf, partsOf } from "./difference";

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

  it("names what changed about a customer", () => {
    expect(
      differenceOf({ changed: "city", value: "北京" }, { changed: "city", value: "上海" }),
    ).toEqual([{ path: "city", before: "北京", after: "上海" }]);
    expect(differenceOf(null, { changed: "等级/VIP" })).toEqual([
      { path: "", before: undefined, after: "等级/VIP" },
    ]);
  });
});

describe("two texts", () => {
  it("are told apart by the words between", () => {
    expect(
      partsOf("did order_paid >= 2 times in last 90d", "did order_paid >= 3 times in last 90d"),
    ).toEqual({ head: "did order_paid >= ", was: "2", is: "3", tail: " times in last 90d" });
    expect(partsOf("a a", "a a a")).toEqual({ head: "a a", was: "", is: " a", tail: "" });
    expect(partsOf("老客", "新客")).toEqual({ head: "", was: "老客", is: "新客", tail: "" });
  });
});
