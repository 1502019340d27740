// The tracker in a pretended page: what waits, what is sent, what happens when sending fails.
//   node --test tracker/
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { gzipSync } from "node:zlib";

const source = readFileSync(fileURLToPath(new URL("siyu.js", import.meta.url)), "utf8");
const KEY = "siyu_1a2b3c4d_public";

// A page of a shop: its clock and network are moved by hand.
function open({ stored = {}, early, status = 200, storage = true, script = {} } = {}) {
  const page = { sent: [], beacons: [], timers: [], stored, listeners: {}, status, failing: false };
  const attributes = { "data-key": KEY, ...script };
  const localStorage = {
    getItem: (name) => (storage ? (name in stored ? stored[name] : null) : fail()),
    setItem: (name, value) => (storage ? (stored[name] = String(value)) : fail()),
    removeItem: (name) => (storage ? delete stored[name] : fail()),
  };
  function fail() {
    throw new Error("storage is forbidden");
  }
  page.document = {
    currentScript: {
      src: "https://siyu.example.com/siyu.js",
      getAttribute: (name) => attributes[name] ?? null,
    },
    title: "乌龙茶",
    referrer: "https://search.example/",
    visibilityState: "visible",
    addEventListener: (name, run) => (page.listeners[name] = run),
  };
  page.window = {
    localStorage,
    crypto: webcrypto,
    siyu: early,
    setTimeout: (run, ms) => page.timers.push({ run, ms }),
    clearTimeout: (number) => (page.timers[number - 1] = null),
    addEventListener: (name, run) => (page.listeners[name] = run),
    navigator: {
      sendBeacon: (url, blob) => {
        page.beacons.push({ url, blob });
        return true;
      },
    },
    fetch: async (url, options) => {
      page.sent.push({ url, options, body: JSON.parse(options.body) });
      if (page.failing) throw new TypeError("no network");
      return { status: page.status, headers: { get: () => page.retryAfter ?? null } };
    },
  };
  page.run = () =>
    vm.runInNewContext(source, {
      window: page.window,
      document: page.document,
      location: { href: "https://shop.example.com/tea?x=1", pathname: "/tea" },
      URL,
      Blob,
    });
  // The timers that are due, and all that follows from their answers.
  page.tick = async () => {
    const due = page.timers.filter(Boolean);
    page.timers.fill(null);
    for (const timer of due) timer.run();
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
    return due.map((timer) => timer.ms);
  };
  page.queue = () => JSON.parse(stored["siyu.queue"] ?? "[]");
  page.run();
  return page;
}

test("is small and stands alone", () => {
  assert.ok(gzipSync(source, { level: 9 }).length < 6 * 1024);
  assert.doesNotMatch(source, /\bimport\b|\brequire\(|document\.cookie/);
});

test("tells of pages and events under one anonymous id, by a simple request", async () => {
  const page = open({ early: [["page"], ["track", "Signed Up", { plan: "a" }], ["nothing"]] });
  page.window.siyu.productViewed({ product_id: "A-7" });
  assert.deepEqual(await page.tick(), [1000]);
  assert.equal(page.sent.length, 1);
  const { url, options, body } = page.sent[0];
  assert.equal(url, `https://siyu.example.com/api/v1/t/batch?write_key=${KEY}`);
  assert.equal(options.headers["Content-Type"], "text/plain");
  assert.equal(options.credentials, "omit");
  assert.deepEqual(
    body.batch.map((message) => message.event ?? message.type),
    ["page", "Signed Up", "Product Viewed"],
  );
  assert.deepEqual(body.batch[0].properties, {
    url: "https://shop.example.com/tea?x=1",
    path: "/tea",
    title: "乌龙茶",
    referrer: "https://search.example/",
  });
  assert.equal(new Set(body.batch.map((message) => message.anonymousId)).size, 1);
  assert.equal(new Set(body.batch.map((message) => message.messageId)).size, 3);
  assert.ok(!Number.isNaN(Date.parse(body.sentAt)));
  assert.deepEqual(page.queue(), []);
});

test("who is identified stays so on the next page, until reset", async () => {
  const stored = {};
  const first = open({ stored });
  first.window.siyu.identify("ann", { city: "杭州" });
  first.window.siyu.track("One");
  await first.tick();
  const [identify, one] = first.sent[0].body.batch;
  assert.deepEqual([identify.userId, identify.traits, one.userId], ["ann", { city: "杭州" }, "ann"]);
  const second = open({ stored });
  second.window.siyu.track("Two");
  second.window.siyu.reset();
  second.window.siyu.track("Three");
  await second.tick();
  const [two, three] = second.sent[0].body.batch;
  assert.equal(two.userId, "ann");
  assert.equal(two.anonymousId, one.anonymousId);
  assert.equal(three.userId, undefined);
  assert.notEqual(three.anonymousId, one.anonymousId);
});

test("what fails is sent again, later and later; what is refused is dropped", async () => {
  const page = open();
  page.failing = true;
  page.window.siyu.track("One");
  await page.tick();
  const waits = [];
  for (let i = 0; i < 12; i += 1) waits.push((await page.tick())[0]);
  assert.ok(waits[0] >= 1000 && waits[0] <= 2000, `${waits}`);
  assert.ok(waits[11] >= 150000 && waits[11] <= 300000, `${waits}`);
  assert.equal(page.queue().length, 1);
  assert.equal(new Set(page.sent.map((each) => each.body.batch[0].messageId)).size, 1);
  page.failing = false;
  page.status = 429;
  page.retryAfter = "600";
  await page.tick();
  assert.ok((await page.tick())[0] >= 600000);
  page.status = 400;
  await page.tick();
  assert.deepEqual(page.queue(), []);
  assert.deepEqual(await page.tick(), []);
});

test("a page that closes sends what waits by a beacon", () => {
  const page = open();
  page.window.siyu.page();
  page.document.visibilityState = "hidden";
  page.listeners.visibilitychange();
  assert.equal(page.beacons.length, 1);
  assert.equal(page.beacons[0].blob.type, "text/plain");
  assert.deepEqual(page.queue(), []);
});

test("two tabs take turns", async () => {
  const stored = {};
  const one = open({ stored });
  one.failing = true;
  one.window.siyu.track("One");
  await one.tick();
  const two = open({ stored });
  await two.tick();
  assert.equal(two.sent.length, 0);
});

test("waits for as many as 200 and sends as many as fit", async () => {
  const page = open();
  page.failing = true;
  for (let i = 0; i < 250; i += 1) page.window.siyu.track("Many", { i });
  assert.equal(page.queue().length, 200);
  assert.equal(page.queue()[0].properties.i, 50);
  await page.tick();
  assert.equal(page.sent[0].body.batch.length, 50);
  const wide = open();
  for (let i = 0; i < 20; i += 1) wide.window.siyu.track("Wide", { text: "茶".repeat(5000) });
  for (let i = 0; i < 20; i += 1) await wide.tick();
  assert.ok(wide.sent.length > 1);
  assert.ok(wide.sent.every((each) => new Blob([each.options.body]).size <= 60000));
  assert.deepEqual(wide.queue(), []);
  wide.window.siyu.track("Too wide", { text: "x".repeat(20000) });
  assert.deepEqual(wide.queue(), []);
});

test("who opts out leaves nothing behind", async () => {
  const page = open();
  page.window.siyu.identify("ann");
  page.window.siyu.optOut();
  page.window.siyu.track("One");
  page.window.siyu.identify("ann");
  await page.tick();
  assert.equal(page.sent.length, 0);
  assert.deepEqual(page.stored, { "siyu.out": "1" });
  page.window.siyu.optIn();
  page.window.siyu.track("Two");
  assert.equal(page.queue().length, 1);
});

test("works for one page where storage is forbidden, and not at all without a key", async () => {
  const page = open({ storage: false });
  page.window.siyu.track("One");
  await page.tick();
  assert.equal(page.sent.length, 1);
  const other = open({ script: { "data-key": null }, early: [["page"]] });
  assert.deepEqual(other.timers, []);
});
