// Moments of the API (ISO 8601 with milliseconds) in the workspace's zone.
import { apart } from "./number";

const HAS_OFFSET = /(Z|[+-]\d\d:?\d\d)$/i;

interface Wall {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
  millisecond: string;
}

// By zone: making one takes a browser milliseconds. There are as many as the person has chosen.
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
    });
    clocks.set(zone, clock);
  }
  return clock;
}

// What a clock on the wall shows in `zone` at `moment`; null for what is no moment.
function wallOf(moment: string, zone: string): Wall | null {
  const time = new Date(moment);
  if (Number.isNaN(time.getTime())) return null;
  const parts = clockOf(zone).formatToParts(time);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return {
    year: part("year").padStart(4, "0"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
    millisecond: part("fractionalSecond"),
  };
}

// "2026-01-31T08:00:00.000" in `zone`. A moment without an offset is in it already.
export function wallTime(moment: string, zone: string): string {
  if (!HAS_OFFSET.test(moment)) return moment;
  const wall = wallOf(moment, zone);
  if (!wall) return moment;
  const { year, month, day, hour, minute, second, millisecond } = wall;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}`;
}

// As a field for date and time shows it: "2026-01-31T08:00", longer only where it has to be.
export function pickedWall(moment: string, zone: string): string {
  return wallTime(moment, zone)
    .replace(/\.000$/, "")
    .replace(/(T\d\d:\d\d):00$/, "$1");
}

// "2026-01-31 08:00"; seconds only where they say something, milliseconds only with `whole`.
export function formatMoment(moment: string, zone: string, whole = false): string {
  const [day, clock = "00:00"] = wallTime(moment, zone).split("T");
  const [hour = "00", minute = "00", second = "00"] = clock.split(":");
  const short = `${day} ${hour}:${minute}`;
  if (whole) return `${short}:${second}`;
  return second.startsWith("00") ? short : `${short}:${second.slice(0, 2)}`;
}

// "2026-01-31"
export function formatDay(moment: string, zone: string): string {
  return wallTime(moment, zone).slice(0, 10);
}

// "08:00"
export function formatClock(moment: string, zone: string): string {
  return wallTime(moment, zone).slice(11, 16);
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["second", 1],
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
];
const RELATIVE_DAYS_MAX = 7;

// "3 分钟前"; null when it is so far away that the date says more.
export function relativeMoment(moment: string, now: number, language: string): string | null {
  const seconds = Math.round((new Date(moment).getTime() - now) / 1000);
  if (Math.abs(seconds) > RELATIVE_DAYS_MAX * 86_400) return null;
  const step = STEPS.findLast(([, length]) => Math.abs(seconds) >= length) ?? STEPS[0];
  const [unit, length] = step as [Intl.RelativeTimeFormatUnit, number];
  return apart(
    new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(
      Math.trunc(seconds / length),
      unit,
    ),
  );
}
