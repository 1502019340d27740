// Names in index.html what its entry is going to import by itself, so that the browser loads both
// at once.
import type { HtmlTagDescriptor, Plugin, Rolldown } from "vite";

export function preloaded(sources: readonly string[]): Plugin {
  return {
    name: "preloaded",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle }) => linksFor(bundle ?? {}, sources),
    },
  };
}

// Each of the sources' chunks with all it imports, once.
export function linksFor(
  bundle: Rolldown.OutputBundle,
  sources: readonly string[],
): HtmlTagDescriptor[] {
  const files = new Set<string>();
  const add = (file: string) => {
    const part = bundle[file];
    if (files.has(file) || part?.type !== "chunk") return;
    files.add(file);
    part.imports.forEach(add);
  };
  for (const source of sources) {
    const chunk = Object.values(bundle).find(
      (part) => part.type === "chunk" && part.moduleIds.some((id) => id.endsWith(source)),
    );
    if (!chunk) throw new Error(`preloaded: no part of the build holds ${source}`);
    add(chunk.fileName);
  }
  return [...files].map((file) => ({
    tag: "link",
    attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` },
    injectTo: "head",
  }));
}
