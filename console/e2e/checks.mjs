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
  return [
    ...(await sideways(page)),
    ...(await untranslated(page)),
    ...(await unreachable(page)),
    ...(await page.evaluate(brokenWords)),
    ...(await page.evaluate(faintInPictures)),
  ];
}

// In the page: words of usual length that stand on two lines because their place is too narrow.
function brokenWords() {
  const broken = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.checkVisibility()) continue;
    for (const { 0: word, index } of node.data.matchAll(/(?<![\w-])[A-Za-z]{3,14}(?![\w-])/g)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (tops.size > 1) broken.add(word);
    }
  }
  return [...broken].map((word) => `broken word: ${word}`);
}

// In the page: texts of pictures, which axe leaves out, below 4.5:1 against what is behind the
// picture.
function faintInPictures() {
  const luminance = (channels) => {
    const [red, green, blue] = channels.map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const numbersOf = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const [red, green, blue, alpha = 1] = numbersOf(getComputedStyle(each).backgroundColor);
      if (alpha === 1) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const text of document.querySelectorAll("svg text")) {
    if (!text.checkVisibility()) continue;
    const back = behind(text);
    const [red, green, blue, alpha = 1] = numbersOf(getComputedStyle(text).fill);
    const drawn = [red, green, blue].map((each, at) => each * alpha + back[at] * (1 - alpha));
    const [dark, light] = [luminance(drawn), luminance(back)].sort((one, other) => one - other);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) faint.push(`faint in a picture: ${text.textContent} ${ratio.toFixed(2)}:1`);
  }
  return faint;
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
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
    );
}
