// Where everything stands in a river: stages at two moments, as high as they have customers, and
// ribbons between them as wide as the flows.
import { NEWCOMER, NO_STAGE } from "./stage_colour";

export interface Flow {
  // A stage's key; NO_STAGE: in none; NEWCOMER: nothing was known of them yet.
  from: string;
  to: string;
  customers: number;
}

export interface Bank {
  key: string;
  customers: number;
  y: number;
  // Of the bar; the place for its words is SLOT at least.
  height: number;
  slot: number;
}

export interface Ribbon extends Flow {
  // Its upper edges at the left and the right, and how wide it is.
  left: number;
  right: number;
  wide: number;
}

export interface RiverShape {
  left: Bank[];
  right: Bank[];
  ribbons: Ribbon[];
  height: number;
}

// Of everybody together, in pixels.
const WATER = 300;
const SLOT = 22;
const GAP = 8;
const BAR_MIN = 2;

// Who was and stays in no stage is no part of the river: mostly they are the most.
export const isShown = ({ from, to, customers }: Flow) =>
  customers > 0 && !(from === NO_STAGE && to === NO_STAGE);

// `keys`: of the stages in their order.
export function riverShape(keys: readonly string[], all: readonly Flow[]): RiverShape {
  const flows = all.filter(isShown);
  const total = flows.reduce((sum, { customers }) => sum + customers, 0);
  const scale = total === 0 ? 0 : WATER / total;
  const order = [NEWCOMER, ...keys.filter((key) => key !== NEWCOMER), NO_STAGE];
  const left = banks(order, (key) => sum(flows.filter(({ from }) => from === key)), scale);
  const right = banks(order, (key) => sum(flows.filter(({ to }) => to === key)), scale);
  const rank = (key: string) => order.indexOf(key);
  const sorted = flows.toSorted(
    (one, other) => rank(one.from) - rank(other.from) || rank(one.to) - rank(other.to),
  );
  const usedLeft = new Map(left.map(({ key, y }) => [key, y]));
  const usedRight = new Map(right.map(({ key, y }) => [key, y]));
  const ribbons = sorted.flatMap((flow) => {
    const from = usedLeft.get(flow.from);
    const to = usedRight.get(flow.to);
    // Of a stage that is none of the model's any more.
    if (from === undefined || to === undefined) return [];
    const wide = flow.customers * scale;
    usedLeft.set(flow.from, from + wide);
    usedRight.set(flow.to, to + wide);
    return [{ ...flow, left: from, right: to, wide }];
  });
  const foot = ({ y, slot }: Bank) => y + slot;
  const height = Math.max(0, ...[left.at(-1), right.at(-1)].map((last) => (last ? foot(last) : 0)));
  return { left, right, ribbons, height };
}

const sum = (flows: readonly Flow[]) => flows.reduce((all, { customers }) => all + customers, 0);

function banks(order: readonly string[], sizeOf: (key: string) => number, scale: number): Bank[] {
  let y = 0;
  return order
    .map((key) => ({ key, customers: sizeOf(key) }))
    .filter(({ customers }) => customers > 0)
    .map(({ key, customers }) => {
      const height = Math.max(BAR_MIN, customers * scale);
      const bank = { key, customers, y, height, slot: Math.max(SLOT, height) };
      y += bank.slot + GAP;
      return bank;
    });
}

// The outline of a ribbon between two places across.
export function ribbonPath({ left, right, wide }: Ribbon, from: number, to: number): string {
  const middle = (from + to) / 2;
  const drawn = Math.max(1, wide);
  return [
    `M${from},${left}`,
    `C${middle},${left} ${middle},${right} ${to},${right}`,
    `V${right + drawn}`,
    `C${middle},${right + drawn} ${middle},${left + drawn} ${from},${left + drawn}`,
    "Z",
  ].join(" ");
}
