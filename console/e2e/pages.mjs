// The console's pages, read from the table they are made of.
import { readFileSync } from "node:fs";

// In front of the shell: src/app/routes.tsx.
const ENTRANCES = ["/setup", "/reset", "/demo", "/sign-in"];

const PAGES_MIN = 20;

// "path", "permission", "below" and "hidden" of each row of PAGES.
export function allPages() {
  const source = readFileSync(new URL("../src/app/pages.tsx", import.meta.url), "utf8");
  const rows = source.matchAll(
    /path: "([^"]+)",\s*name: "\w+",\s*permission: (?:"([^"]+)"|null),(?:\s*below: "([^"]+)",)?(?:\s*icon: [^\n]*)?(?:\s*hidden: (true),)?/g,
  );
  const pages = [...rows].map(([, path, permission = null, below, hidden]) => ({
    path,
    permission,
    below,
    hidden,
  }));
  if (pages.length < PAGES_MIN) throw new Error("the table of pages is not read");
  return pages;
}

export const allRoutes = () => [...ENTRANCES, ...allPages().map(({ path }) => path)];

// The route an address leads to: one without a variable part is the nearer one.
export function routeOf(address, routes) {
  const path = new URL(address, "http://localhost").pathname;
  const fits = (route) => {
    const [parts, given] = [route.split("/"), path.split("/")];
    return (
      parts.length === given.length &&
      parts.every((part, index) => part.startsWith(":") || part === given[index])
    );
  };
  const found = routes.filter(fits);
  return found.find((route) => !route.includes(":")) ?? found[0];
}
