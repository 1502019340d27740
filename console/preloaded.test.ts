import type { Rolldown } from "vite";
import { linksFor } from "./preloaded";

const chunk = (fileName: string, moduleIds: string[], imports: string[] = []) =>
  ({ type: "chunk", fileName, moduleIds, imports }) as unknown as Rolldown.OutputChunk;

it("names what the entry imports by itself, with all that needs, once", () => {
  const parts = [
    chunk("entry.js", ["/index.html"]),
    chunk("start.js", ["/src/start.tsx", "/src/other.ts"], ["base.js", "shared.js"]),
    chunk("shared.js", [], ["base.js"]),
    chunk("base.js", []),
    chunk("later.js", ["/src/later.tsx"]),
  ];
  const bundle = Object.fromEntries(parts.map((part) => [part.fileName, part]));
  const hrefs = linksFor(bundle, ["/src/start.tsx"]).map(({ attrs }) => attrs?.href);
  expect(hrefs).toEqual(["/start.js", "/base.js", "/shared.js"]);
  expect(() => linksFor(bundle, ["/src/gone.tsx"])).toThrow(/gone\.tsx/);
});
