import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import en from "./en.json";
import zh from "./zh-CN.json";

const SOURCES = join(import.meta.dirname, "..");

function flat(node: object, prefix = ""): string[] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" ? [prefix + key] : flat(value, `${prefix}${key}.`),
  );
}

// Plural forms differ from language to language.
const stem = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "");
const keysOf = (locale: object) => [...new Set(flat(locale).map(stem))].sort();
const textOf = (locale: object, key: string) =>
  key.split(".").reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], locale);

const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/(\.test\.tsx?|^test[/\\].*|schema\.ts)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(SOURCES, name), "utf8") }));

describe("locales", () => {
  it("have the same keys", () => {
    expect(keysOf(en)).toEqual(keysOf(zh));
  });

  it("have no empty text", () => {
    for (const locale of [zh, en]) {
      expect(flat(locale).filter((key) => String(textOf(locale, key)).trim() === "")).toEqual([]);
    }
  });

  it("use the same placeholders", () => {
    const placeholders = (text: unknown) =>
      [...String(text).matchAll(/{{\w+}}/g)].map(String).sort();
    const shared = flat(zh).filter((key) => flat(en).includes(key));
    for (const key of shared) {
      expect([key, placeholders(textOf(en, key))]).toEqual([key, placeholders(textOf(zh, key))]);
    }
  });

  it("hold every key the code uses", () => {
    const known = new Set(keysOf(zh));
    let checked = 0;
    for (const { name, text } of files) {
      for (const [, key = ""] of text.matchAll(/\b(?:t|say)\(\s*"([^"]+)"/g)) {
        expect.soft(known.has(key), `${name}: ${key}`).toBe(true);
        ++checked;
      }
      // t(`role.${role}`): at least something stands below the prefix.
      for (const [, prefix = ""] of text.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)) {
        expect
          .soft(
            [...known].some((key) => key.startsWith(prefix)),
            `${name}: ${prefix}`,
          )
          .toBe(true);
        ++checked;
      }
    }
    expect(checked).toBeGreaterThan(60);
  });

  it("are used: no key is left over", () => {
    const all = files.map(({ text }) => text).join("\n");
    const prefixes = [...all.matchAll(/`([a-z_.]+\.)\$\{/g)].map(([, prefix = ""]) => prefix);
    const unused = keysOf(zh).filter(
      (key) => !all.includes(`"${key}"`) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });

  it("are the only place with words for people", () => {
    for (const { name, text } of files) {
      const code = text.replace(/\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");
      expect.soft(code.match(/[\u4e00-\u9fff]+/g), name).toBeNull();
      expect.soft(code.match(/(?<![=)]\s*)>\s*[A-Za-z][A-Za-z ,.!]+\s*<\/[a-z]/g), name).toBeNull();
      expect
        .soft(code.match(/\b(title|aria-label|placeholder|alt|label)="[^"]+"/g), name)
        .toBeNull();
    }
  });
});
