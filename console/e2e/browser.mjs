// Debian's Chromium with an empty profile, and a page that notices what must never happen.
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
  });
}

// Collects what the page did wrong by itself: exceptions, refused styles or scripts (content
// policy), React's complaints. An answer of 4xx or 5xx is the page's business, not its fault.
export function watch(page) {
  const faults = [];
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    if (message.text().startsWith("Failed to load resource")) return;
    faults.push(`console: ${message.text()}`);
  });
  return faults;
}
