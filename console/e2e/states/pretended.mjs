// What several states pretend of the program's answers, or do on the page.
import { readFileSync } from "node:fs";

// What the program says of a lost database, in the language the page asks for.
const [, , LOST_EN, LOST_ZH] = readFileSync(
  new URL("../../../src/api/problems.tsv", import.meta.url),
  "utf8",
)
  .split("\n")
  .map((line) => line.split("\t"))
  .find(([code]) => code === "store.unavailable");

const lostIn = (language) => ({
  status: 503,
  contentType: "application/problem+json",
  body: JSON.stringify({
    type: "about:blank",
    title: "Service Unavailable",
    status: 503,
    code: "store.unavailable",
    detail: language.startsWith("en") ? LOST_EN : LOST_ZH,
  }),
});
export const lost = (path) => (page) =>
  page.route(`**/api/v1${path}`, (route) =>
    route.fulfill(lostIn(route.request().headers()["accept-language"] ?? "")),
  );
// Never answered.
export const silent = (path) => (page) => page.route(`**/api/v1${path}`, () => {});
// Nobody is known yet.
export const unpeopled = (page) =>
  page.route("**/api/v1/customers?limit=1", (route) =>
    route.fulfill({ json: { customers: [], next: null } }),
  );

// Fields by their selectors, then sent.
export const fill = (labels) => async (page) => {
  for (const [selector, value] of labels) await page.fill(selector, value);
  await page.click("button[type=submit]");
};
