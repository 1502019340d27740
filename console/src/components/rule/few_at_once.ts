// Questions a page asks by itself, in the background, wait for each other: the program answers many
// at once, one page does not take it all.

const AT_ONCE = 3;
let running = 0;
const waiting: (() => void)[] = [];

// Whoever no longer wants the answer is not asked for.
export async function fewAtOnce<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  while (running >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  ++running;
  try {
    signal.throwIfAborted();
    return await ask();
  } finally {
    --running;
    waiting.shift()?.();
  }
}
