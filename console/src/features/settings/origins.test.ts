import { originsFrom } from "./origins";

describe("origins", () => {
  it("are taken from what is pasted, each once", () => {
    expect(
      originsFrom(
        "https://Shop.example.com/tea?x=1\n\n http://localhost:3000 \nhttps://shop.example.com",
      ),
    ).toEqual(["https://shop.example.com", "http://localhost:3000"]);
    expect(originsFrom("  \n")).toEqual([]);
  });

  it("are refused as a whole when a line is none", () => {
    for (const line of ["shop.example.com", "ftp://shop.example.com", "https://", "*"]) {
      expect(originsFrom(`https://a.example\n${line}`), line).toBeNull();
    }
  });
});
