// Which states there have to be: every route loaded, empty and with an error.
import { allRoutes, routeOf } from "./pages.mjs";

const SHOWN = ["loaded", "empty", "error"];

// What a route cannot show. A list of links is there as soon as the page is; what the program always
// has is never empty; a link of one use works or does not.
const NEVER = {
  "/demo": ["loaded", "empty"],
  "/lifecycle/new": ["empty", "error"],
  "/settings": ["empty", "error"],
  "/settings/preferences": ["empty"],
  "/settings/events": ["empty"],
  "/settings/system": ["empty"],
  "/me": ["empty"],
};

// Told by the last word of its name.
function shownBy(name) {
  const last = name.split("-").at(-1);
  if (last === "error" || last === "loading") return last;
  return ["empty", "first", "nobody", "gone"].includes(last) ? "empty" : "loaded";
}

// "route: empty" of each that no state shows.
export function uncovered(states, known) {
  const routes = allRoutes();
  const shown = new Set(
    states.map(({ name, path }) => {
      const address = typeof path === "function" ? path(known) : path;
      return `${routeOf(address, routes)}: ${shownBy(name)}`;
    }),
  );
  return routes
    .flatMap((route) =>
      SHOWN.filter((each) => !(NEVER[route] ?? []).includes(each)).map(
        (each) => `${route}: ${each}`,
      ),
    )
    .filter((each) => !shown.has(each));
}
