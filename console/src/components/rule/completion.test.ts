import { NAMES } from "@/test/fixtures";
import { completionAt } from "./completion";

const offered = (text: string) =>
  completionAt(text, text.length, NAMES, "zh-CN")?.options.map((option) => option.insert) ?? [];

describe("completion", () => {
  it("offers events after did, labelled", () => {
    expect(offered("did order_p")).toEqual(["order_paid"]);
    expect(completionAt("did order_p", 11, NAMES, "zh-CN")?.options[0]?.detail).toBe("支付");
    expect(completionAt("did order_p", 11, NAMES, "en")?.options[0]?.detail).toBe("Order paid");
  });

  it("offers attributes at the start of a test", () => {
    expect(offered("ci")).toContain("city");
    expect(offered('tag "x" and ci')).toContain("city");
  });

  it("offers the event's properties inside its filter and not behind it", () => {
    expect(offered("did order_paid where (am")).toEqual(["amount"]);
    expect(offered("did order_paid where (amount > 1) and am")).toEqual([]);
  });

  it("offers tags in a tag's string and replaces the open quote", () => {
    const text = 'tag "VI';
    expect(completionAt(text, text.length, NAMES, "zh-CN")).toEqual({
      from: 4,
      to: 7,
      options: [{ insert: '"等级/VIP"', kind: "tag", detail: "" }],
    });
    expect(offered('consents to "mar')).toEqual(['"marketing"']);
  });

  it("stays quiet in other strings and where nothing was typed", () => {
    expect(offered('city = "上')).toEqual([]);
    expect(offered("did ")).toEqual([]);
  });
});
