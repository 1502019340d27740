import { maskedPhone, subtitleOf, titleOf } from "./customer";

describe("what a customer is called", () => {
  const phone = { kind: "phone", value: "13800138000" };

  it("is their name, and the key where nobody knows one", () => {
    expect(titleOf({ key: "C-1", name: "王小明" })).toBe("王小明");
    expect(titleOf({ key: "C-1", name: null })).toBe("C-1");
  });

  it("is told apart by the key and the end of the phone", () => {
    const openid = { kind: "openid", value: "oX" };
    expect(subtitleOf({ key: "C-1", name: "王小明", identities: [openid, phone] })).toBe(
      "C-1 · 138****8000",
    );
    expect(subtitleOf({ key: "C-1", name: null, identities: [phone] })).toBe("138****8000");
    expect(subtitleOf({ key: "13800138000", name: null, identities: [phone] })).toBe("");
    expect(subtitleOf({ key: "C-1", name: "王小明", identities: [] })).toBe("C-1");
    expect(subtitleOf({ key: "13800138000", name: "王小明", identities: [phone] })).toBe(
      "138****8000",
    );
  });

  it("shows of a phone no more than a mask does", () => {
    expect(maskedPhone("138****8000")).toBe("138****8000");
    expect(maskedPhone("5551234")).toBe("****");
  });
});
