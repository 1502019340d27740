import { byteLength, indexOfByte } from "./byte_offset";

const texts = ["", "did order_paid", 'tag "等级/VIP"', "é", "👩‍👩‍👧 买了 🍎", "\u{10FFFF}中a"];

describe("byte offsets", () => {
  it.each(texts)("agrees with the encoder at every character of %j", (text) => {
    let index = 0;
    for (const character of text) {
      const bytes = new TextEncoder().encode(text.slice(0, index)).length;
      expect(indexOfByte(text, bytes)).toBe(index);
      index += character.length;
    }
    expect(byteLength(text)).toBe(new TextEncoder().encode(text).length);
    expect(indexOfByte(text, byteLength(text))).toBe(text.length);
  });

  it("stays at the start of a character when the byte lies inside it", () => {
    expect(indexOfByte("中🍎", 1)).toBe(0);
    expect(indexOfByte("中🍎", 3)).toBe(1);
    expect(indexOfByte("中🍎", 6)).toBe(1);
  });

  it("ends at the end", () => {
    expect(indexOfByte("中", 99)).toBe(1);
  });
});
