// The colour of a stage, the same in every picture of every page: told by its key alone, so that it
// stays when stages are moved, renamed or counted anew.

// By day and by night.
const lit = (day: string, night: string) => `light-dark(${day}, ${night})`;

const BLUE = lit("#3577E0", "#5C96F0");
const TEAL = lit("#129EAD", "#2FBDCB");
const GREEN = lit("#0E8A5F", "#35AE82");
const AMBER = lit("#DE9412", "#E8AC3C");
const GREY = lit("#87938D", "#7D8A84");

// Of the stages of life, wherever they are called so.
const OF_LIFE: Readonly<Record<string, string>> = {
  attract: BLUE,
  attracted: BLUE,
  acquire: TEAL,
  acquired: TEAL,
  retain: GREEN,
  retained: GREEN,
  decline: AMBER,
  declining: AMBER,
  lost: GREY,
};

// Of customers in no stage, and of those nobody knew yet.
export const NO_STAGE_COLOUR = lit("#BFC9C4", "#4A5650");
export const NEWCOMER_COLOUR = lit("#A9B8D6", "#566687");

// For stages of other models; neighbours differ for whoever sees red and green alike, too.
const PALETTE = [
  lit("#5B6EE1", "#8493F2"),
  lit("#C9622E", "#E2875A"),
  lit("#2793C4", "#4FB2DE"),
  lit("#9A7B12", "#C5A63B"),
  lit("#A350A8", "#C67CCB"),
  lit("#4C8C2B", "#78B556"),
  lit("#C4466F", "#E27696"),
  lit("#3E7F86", "#68A8AF"),
  lit("#7B5EA7", "#A489CC"),
  lit("#8A6A4F", "#B3927A"),
];

// FNV-1a.
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}

// Of the stages of one model: two have the same only where there are more than colours.
export function stageColours(keys: readonly string[]): (key: string) => string {
  const chosen = new Map<string, string>();
  const taken = new Set<number>();
  // Sorted: the order of the stages changes nothing.
  for (const key of keys.toSorted()) {
    const own = OF_LIFE[key];
    if (own !== undefined) {
      chosen.set(key, own);
      continue;
    }
    if (taken.size === PALETTE.length) taken.clear();
    let at = hashOf(key) % PALETTE.length;
    while (taken.has(at)) at = (at + 1) % PALETTE.length;
    taken.add(at);
    chosen.set(key, PALETTE[at] ?? NO_STAGE_COLOUR);
  }
  return (key) => chosen.get(key) ?? (key === NEWCOMER ? NEWCOMER_COLOUR : NO_STAGE_COLOUR);
}

// Where a flow comes from of whom nothing was known when it began.
export const NEWCOMER = "new";
// In no stage.
export const NO_STAGE = "";
