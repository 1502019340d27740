import { changeOf, changeText, detailsOf } from "./event_words";

const of = (properties: Record<string, unknown>, event = "attribute_changed") =>
  changeOf({ event, properties });

describe("a change of the record", () => {
  it("is told by what changed, from what, to what", () => {
    const change = of({ by: "import:7", changed: "city", from: "杭州", to: "上海", ref: 4 });
    expect(change).toEqual({ changed: "city", from: "杭州", to: "上海" });
    expect(change && changeText(change, String)).toBe("杭州 → 上海");
  });

  it("has no arrow where nothing was before, and no words for a new customer", () => {
    const first = of({ by: "import:7", changed: "city", to: "上海", ref: 4 });
    expect(first && changeText(first, String)).toBe("上海");
    const created = of({ by: "import:7" }, "customer_created");
    expect(created && changeText(created, String)).toBe("");
  });

  it("is told of a consent with its proof, not with its row", () => {
    const given = { by: "import:7", changed: "marketing/sms", how: "form", ref: 4, to: "given" };
    expect(of(given, "consent_given")).toBeNull();
    expect(detailsOf({ properties: given }).map(([name]) => name)).toEqual([
      "changed",
      "how",
      "to",
    ]);
    expect(detailsOf({ properties: { by: "customer" } })).toHaveLength(1);
  });

  it("is no event of the shop", () => {
    expect(of({ amount: "12.50" }, "order_paid")).toBeNull();
    expect(of({ by: "customer", staff: "li" }, "friend_removed")).toBeNull();
  });
});
