// What can be asserted of any page, whatever it shows.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const LOCALE = JSON.parse(
  readFileSync(new URL("../src/locales/zh-CN.json", import.meta.url), "utf8"),
);
// A key that was shown as it is; "customers.csv" is the name of a file that was imported.
const UNTRANSLATED = new RegExp(
  `\\b(${Object.keys(LOCALE).join("|")})\\.(?!csv\\b|xlsx\\b)[a-z_]+(\\.[a-z_]+)*\\b`,
);

const FRAMES_MAX = 600;

// No animation that ends is on its way, now and a moment later.
export async function settled(page) {
  await page.evaluate(async (framesMax) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let quiet = 0, frames = 0; quiet < 3; ++frames) {
      if (frames > framesMax) throw new Error("the page never comes to rest");
      const running = document
        .getAnimations()
        .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime));
      await Promise.all(running.map((each) => each.finished.catch(() => {})));
      await frame();
      quiet = running.length === 0 ? quiet + 1 : 0;
    }
  }, FRAMES_MAX);
}

export async function faultsOf(page) {
  await settled(page);
  return [...(await sideways(page)), ...(await untranslated(page)), ...(await unreachable(page))];
}

async function sideways(page) {
  const { wide, content } = await page.evaluate(() => ({
    wide: document.documentElement.clientWidth,
    content: document.documentElement.scrollWidth,
  }));
  return content > wide ? [`scrolls sideways: ${content} in ${wide}`] : [];
}

async function untranslated(page) {
  const text = await page.evaluate(() => document.body.textContent);
  const key = UNTRANSLATED.exec(text);
  return key ? [`untranslated: ${key[0]}`] : [];
}

// axe through the debugger's door: the page's own policy forbids foreign scripts.
async function unreachable(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
    );
}
