// What every page waits for is asked for at once, side by side: who is signed in, the words, the
// console itself. This file and what it imports are small and stay so (vite.config.ts).
import { askAhead } from "@/api/ahead";
import { keptLanguage, wordsOf } from "@/text/words";

askAhead("/session");
// Whoever needs them says when they cannot be had.
wordsOf(keptLanguage()).catch(() => {});
void import("@/app/start").then(({ start }) => start());
