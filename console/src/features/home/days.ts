// Days by the workspace's clock.

export interface TrendDay {
  // "2026-03-05"
  day: string;
  // The moment the day ends, without an offset: the workspace's. null: it has not ended.
  at: string | null;
}

// The last `days` days, the oldest first; the last one is `today` ("2026-03-05").
export function daysUpTo(today: string, days: number): TrendDay[] {
  return Array.from({ length: days }, (_, index) => {
    const back = days - 1 - index;
    return {
      day: dayBefore(today, back),
      at: back === 0 ? null : `${dayBefore(today, back - 1)}T00:00`,
    };
  });
}

function dayBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}

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
