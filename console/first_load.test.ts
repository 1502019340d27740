import { randomBytes } from "node:crypto";
import type { Rolldown } from "vite";
import { measured } from "./first_load";

// Does not compress: as many bytes sent as there are.
const noise = (bytes: number) => randomBytes(bytes).toString("latin1");

function chunk(fileName: string, { code = "", imports = [] as string[], source = "", css = "" }) {
  return {
    type: "chunk",
    fileName,
    facadeModuleId: null,
    moduleIds: source ? [source] : [],
    code,
    imports,
    viteMetadata: { importedCss: new Set(css ? [css] : []) },
  } as unknown as Rolldown.OutputChunk;
}

function bundleOf(...parts: (Rolldown.OutputChunk | Rolldown.OutputAsset)[]) {
  return Object.fromEntries(parts.map((part) => [part.fileName, part]));
}

const BEGINS = ["/index.html", "/src/home.tsx"];
const small = { begins: BEGINS, bytes_max: 2_000 };

describe("the first load", () => {
  const entry = chunk("entry.js", { source: "/console/index.html", imports: ["shared.js"] });
  const home = chunk("home.js", {
    source: "/console/src/home.tsx",
    imports: ["shared.js"],
    css: "home.css",
  });
  const style = { type: "asset", fileName: "home.css", source: "" } as Rolldown.OutputAsset;
  const shared = chunk("shared.js", {});
  const later = chunk("later.js", { code: noise(9_000) });

  it("is the beginnings with what they import and their styles, nothing else", () => {
    const { told, beyond } = measured(bundleOf(entry, home, style, shared, later), small);
    expect(told).toBe("first load: 0 kB compressed in 4 files, at most 2 kB");
    expect(beyond).toBe(false);
  });

  it("is too large by what is imported, and by a style", () => {
    const large = chunk("shared.js", { code: noise(2_500) });
    expect(measured(bundleOf(entry, home, style, large), small).beyond).toBe(true);
    const wide = { ...style, source: noise(2_500) };
    expect(measured(bundleOf(entry, home, wide, shared), small).beyond).toBe(true);
  });

  it("has the style that the page names", () => {
    const style = {
      type: "asset",
      fileName: "all.css",
      source: noise(2_500),
    } as Rolldown.OutputAsset;
    const page = { type: "asset", fileName: "index.html", source: "" } as Rolldown.OutputAsset;
    const parts = [entry, home, shared, style] as const;
    expect(measured(bundleOf(...parts, page), small).beyond).toBe(false);
    const naming = { ...page, source: '<link href="/all.css">' };
    expect(measured(bundleOf(...parts, naming), small).beyond).toBe(true);
  });

  it("begins with sources that are there", () => {
    expect(() => measured(bundleOf(entry, shared), small)).toThrow(/src\/home\.tsx/);
  });
});
