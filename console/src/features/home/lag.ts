// How far `behind` is behind `ahead` in the log: events where positions count them, null where they
// only have an order (PostgreSQL: "epoch-transaction-sequence").
export function lagOf(ahead: string, behind: string): number | null {
  const [first, second] = [ahead, behind].map((position) => position.split("-").map(Number));
  const [at, part] = differenceOf(first as number[], second as number[]);
  if (part <= 0) return 0;
  return at === 0 && first?.length === 1 ? part : null;
}

// The first place where two positions differ, and by how much; 0: nowhere.
function differenceOf(first: readonly number[], second: readonly number[]): [number, number] {
  const at = first.findIndex((part, index) => part !== second[index]);
  return at < 0 ? [0, 0] : [at, (first[at] as number) - (second[at] ?? 0)];
}
