import { isLanguageOfRules, replaceToken, spelled, tokenAt } from "./token";

const token = (text: string, index: number) => {
  const { from, to } = tokenAt(text, index);
  return text.slice(from, to);
};

describe("tokens", () => {
  it("measures words, strings, operators and numbers", () => {
    expect(token("did order_piad >= 2", 4)).toBe("order_piad");
    expect(token('tag "等级/VIP" and', 4)).toBe('"等级/VIP"');
    expect(token('tag "a\\"b" and', 4)).toBe('"a\\"b"');
    expect(token("age >= 30.5", 4)).toBe(">=");
    expect(token("age >= 30.5", 7)).toBe("30.5");
    expect(token('tag "未完', 4)).toBe('"未完');
  });

  it("takes characters the language does not know up to the next space", () => {
    expect(token("买过 and x", 0)).toBe("买过");
    expect(token("🍎", 0)).toBe("🍎");
  });

  it("is empty at the end", () => {
    expect(tokenAt("did", 3)).toEqual({ from: 3, to: 3 });
  });

  it("replaces a token", () => {
    expect(replaceToken("did order_piad in last 3d", 4, "order_paid")).toBe(
      "did order_paid in last 3d",
    );
    expect(replaceToken("did ", 4, "order_paid")).toBe("did order_paid");
  });

  it("quotes reserved words and escapes", () => {
    expect(spelled("first", false)).toBe('"first"');
    expect(spelled("看 直播", false)).toBe('"看 直播"');
    expect(spelled("vip", true)).toBe('"vip"');
    expect(spelled('a"b\\', false)).toBe('"a\\"b\\\\"');
  });

  it("tells words of the language from sentences", () => {
    expect(isLanguageOfRules("last this previous")).toBe(true);
    expect(isLanguageOfRules("= != > >= < <=")).toBe(true);
    expect(isLanguageOfRules("and, or, or the end")).toBe(false);
    expect(isLanguageOfRules("a whole number")).toBe(false);
  });
});
