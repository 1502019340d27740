// Days by the workspace's clock.

const MINUTE_MS = 60_000;

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

// "2026-03-01" after "2026-02-28".
export function dayAfter(day: string): string {
  return dayBefore(day, -1);
}

// Whether it is a day of the calendar, written so.
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(date.getTime()) &&
    date.toISOString().startsWith(text)
  );
}

// So many days from today by the browser's clock: what a field of a day begins with.
export function dayFromNow(days: number, now = new Date()): string {
  const today = new Date(now.getTime() - now.getTimezoneOffset() * MINUTE_MS);
  return dayBefore(today.toISOString().slice(0, 10), -days);
}

function dayBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}
