// Holds the size of the console's first load: a build beyond it fails.
//
// What is loaded before the first page stands: the entry, the page at "/" and what that page loads
// by itself, each with all it imports and its styles (all of them where they are one file),
// compressed as the server sends it.
import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

interface Limit {
  // The sources that begin it: the entry, and what is loaded by a dynamic import from there on.
  begins: readonly string[];
  bytes_max: number;
}

export function firstLoad({ begins, bytes_max }: Limit): Plugin {
  return {
    name: "first-load",
    apply: "build",
    writeBundle(_, bundle) {
      const { told, beyond } = measured(bundle, { begins, bytes_max });
      if (beyond) this.error(told);
      this.info(told);
    },
  };
}

export function measured(bundle: Rolldown.OutputBundle, { begins, bytes_max }: Limit) {
  const files = filesOf(bundle, begins);
  const bytes = files.reduce((sum, file) => sum + compressed(bundle[file]), 0);
  const took = `first load: ${Math.round(bytes / 1000)} kB compressed in ${files.length} files`;
  return { told: `${took}, at most ${bytes_max / 1000} kB`, beyond: bytes > bytes_max };
}

function filesOf(bundle: Rolldown.OutputBundle, begins: readonly string[]): string[] {
  const files = new Set<string>();
  const add = (file: string) => {
    const part = bundle[file];
    if (files.has(file) || part === undefined) return;
    files.add(file);
    if (part.type !== "chunk") return;
    for (const style of part.viteMetadata?.importedCss ?? []) files.add(style);
    part.imports.forEach(add);
  };
  for (const source of begins) {
    const chunk = Object.values(bundle).find(
      (part) => part.type === "chunk" && holds(part, source),
    );
    if (!chunk) throw new Error(`first load: no part of the build begins with ${source}`);
    add(chunk.fileName);
  }
  for (const style of stylesOf(bundle)) files.add(style);
  return [...files];
}

const holds = ({ facadeModuleId, moduleIds }: Rolldown.OutputChunk, source: string) =>
  [facadeModuleId ?? "", ...moduleIds].some((id) => id.endsWith(source));

// Those the page names itself.
function stylesOf(bundle: Rolldown.OutputBundle): string[] {
  const page = bundle["index.html"];
  const text = page?.type === "asset" ? String(page.source) : "";
  return Object.keys(bundle).filter((file) => file.endsWith(".css") && text.includes(file));
}

function compressed(part: Rolldown.OutputBundle[string] | undefined): number {
  if (part === undefined) return 0;
  return gzipSync(part.type === "chunk" ? part.code : part.source).length;
}
