// The two dates of the river: in the page's address, so that it comes back as it was.
import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { useZone } from "@/components/zone";
import { daysUpTo, isDay } from "@/text/days";
import { formatDay } from "@/text/moment";
import type { Between } from "./asking";

// What the axis reaches back.
export const AXIS_DAYS = [30, 90, 365];
const USUAL_AXIS_DAYS = 90;
const BEGINS_DAYS_AGO = 30;
const NOW_MS = 60_000;

export interface RiverSpan {
  axis: number;
  setAxis(days: number): void;
  // Days, and "" for now.
  places: string[];
  value: { from: number; to: number };
  setValue(value: { from: number; to: number }): void;
  // The moments asked about.
  between: Between;
  setFrom(day: string): void;
}

// Of what stands behind the `?`: from (a day), to (a day; none: now), axis (days back).
export function useSpan(): RiverSpan {
  const zone = useZone();
  const [search, setSearch] = useSearchParams();
  const now = useNow();
  const today = formatDay(now, zone);
  const from = dayOrNone(search.get("from"));
  const to = dayOrNone(search.get("to"));
  const asked = Number(search.get("axis"));
  const known = AXIS_DAYS.includes(asked) ? asked : USUAL_AXIS_DAYS;
  const axis = Math.max(known, axisThatHolds(from, today));
  const places = [...daysUpTo(today, axis + 1).map(({ day }) => day), ""];
  const value = placed(places, { from, to });
  const set = (next: Record<string, string>) => {
    const changed = new URLSearchParams(search);
    for (const [name, text] of Object.entries(next)) {
      if (text === "") changed.delete(name);
      else changed.set(name, text);
    }
    setSearch(changed, { replace: true, preventScrollReset: true });
  };
  const between = {
    from: `${places[value.from]}T00:00`,
    to: places[value.to] ? `${places[value.to]}T00:00` : now,
  };
  return {
    axis,
    places,
    value,
    between,
    setValue: (next) => set({ from: places[next.from] ?? "", to: places[next.to] ?? "" }),
    // What lies before the axis begins anew.
    setAxis: (days) => {
      const kept = from !== "" && days >= axisThatHolds(from, today) ? from : "";
      set({ axis: String(days), from: kept, to: kept === "" ? "" : to });
    },
    setFrom: (day) => set({ from: day, to: "" }),
  };
}

const dayOrNone = (text: string | null) => (text !== null && isDay(text) ? text : "");

// The shortest axis a day stands on.
function axisThatHolds(day: string, today: string): number {
  if (day === "") return 0;
  const back = Math.round(
    (Date.parse(`${today}T00:00Z`) - Date.parse(`${day}T00:00Z`)) / 86_400_000,
  );
  return AXIS_DAYS.find((days) => days >= back) ?? (AXIS_DAYS.at(-1) as number);
}

function placed(places: readonly string[], days: { from: string; to: string }) {
  const last = places.length - 1;
  const at = (day: string) => (day === "" ? -1 : places.indexOf(day));
  const to = at(days.to) > 0 ? at(days.to) : last;
  const usual = Math.max(0, to - 1 - BEGINS_DAYS_AGO);
  const from = at(days.from) >= 0 ? at(days.from) : usual;
  return from < to ? { from, to } : { from: Math.max(0, to - 1), to };
}

// To the minute: a page that stays open goes on with it.
function useNow(): string {
  const [now, setNow] = useState(thisMinute);
  useEffect(() => {
    const timer = setInterval(() => setNow(thisMinute()), NOW_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

const thisMinute = () => new Date(Math.floor(Date.now() / NOW_MS) * NOW_MS).toISOString();
