// What the morning page asks the program.
import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useIsFetching,
  useQuery,
} from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useAskAgainWhenFewer } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { useZone } from "@/components/zone";
import { daysUpTo, type TrendDay } from "@/text/days";
import { wallTime } from "@/text/moment";
import { FIGURES, type Figure } from "./figures";

const DAY_MS = 86_400_000;
const FRESH_MS = 60_000;
const TREND_FRESH_MS = 10 * 60_000;
const IMPORTS_SHOWN = 5;
const STATE_EVERY_MS = 15_000;
export const TREND_DAYS = 30;
// The program answers many at once; one page does not take it all.
const ASKED_AT_ONCE = 3;

const count = (rule: string, at: string | null, signal: AbortSignal) =>
  answerOf(api.POST("/rules/count", { body: { rule, ...(at === null ? {} : { at }) }, signal }));

const figureQuery = ({ rule }: Figure) =>
  queryOptions({
    queryKey: ["home", "figure", rule],
    staleTime: FRESH_MS,
    queryFn: ({ signal }) => count(rule, null, signal),
  });

// Before the page is drawn, which takes a browser longer than the answers.
export function askFiguresAhead(client: QueryClient): void {
  for (const figure of FIGURES) void client.prefetchQuery(figureQuery(figure));
}

// The figure as it is.
export function useFigure(figure: Figure) {
  return useQuery({ ...figureQuery(figure), refetchOnWindowFocus: true });
}

// The same rule a period before that very moment.
export function useFigureBefore({ rule, period_days }: Figure, now: Schema["Count"] | undefined) {
  return useQuery({
    queryKey: ["home", "figure", rule, now?.at, period_days],
    enabled: now !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const then = Date.parse(now?.at ?? "") - period_days * DAY_MS;
      return count(rule, new Date(then).toISOString(), signal);
    },
  });
}

export interface TrendPoint extends TrendDay {
  count: number;
}

export interface TrendUntil {
  points: TrendPoint[];
  // Of the last of them: today so far.
  at: string;
  fresh: boolean;
}

// At the end of each of the last days, by the workspace's clock; the last one is today so far.
// Asked when the figures are here: they are read first.
export function useTrend({ rule }: Figure) {
  const zone = useZone();
  const enabled = useFiguresAreHere();
  const today = wallTime(new Date().toISOString(), zone).slice(0, 10);
  return useQuery({
    queryKey: ["home", "trend", rule, today, zone],
    enabled,
    staleTime: TREND_FRESH_MS,
    queryFn: async ({ signal }): Promise<TrendUntil> => {
      const days = daysUpTo(today, TREND_DAYS);
      const points: TrendPoint[] = [];
      const answers: Schema["Count"][] = [];
      let next = 0;
      const askOn = async () => {
        while (next < days.length) {
          const index = next++;
          const day = days[index] as TrendDay;
          const answer = await count(rule, day.at, signal);
          answers[index] = answer;
          points[index] = { ...day, count: answer.count };
        }
      };
      await Promise.all(Array.from({ length: ASKED_AT_ONCE }, askOn));
      return { points, at: answers.at(-1)?.at ?? "", fresh: answers.every(({ fresh }) => fresh) };
    },
  });
}

export function useFiguresAreHere(): boolean {
  const [begun, setBegun] = useState(false);
  useEffect(() => setBegun(true), []);
  return useIsFetching({ queryKey: ["home", "figure"] }) === 0 && begun;
}

export const REVENUE_DAYS = 30;

export type RevenueDay = Pick<
  Schema["Revenue"]["periods"][number],
  "payments" | "paid" | "refunded" | "net"
> &
  TrendDay;

// The last days, and as many before them; the program adds up what each day brought.
export function useRevenue() {
  const zone = useZone();
  const today = wallTime(new Date().toISOString(), zone).slice(0, 10);
  return useQuery({
    queryKey: ["home", "revenue", today, zone],
    enabled: useFiguresAreHere(),
    staleTime: FRESH_MS,
    refetchOnWindowFocus: true,
    queryFn: async ({ signal }) => {
      const [first] = daysUpTo(today, 2 * REVENUE_DAYS) as [TrendDay];
      const query = { from: `${first.day}T00:00`, by: "day" } as const;
      const { periods, fresh } = await answerOf(api.GET("/revenue", { params: { query }, signal }));
      const days = periods.map(
        ({ from, to, finished, payments, paid, refunded, net }): RevenueDay => ({
          day: wallTime(from, zone).slice(0, 10),
          at: finished ? wallTime(to, zone).slice(0, "2026-03-05T00:00".length) : null,
          payments,
          paid,
          refunded,
          net,
        }),
      );
      return { days: days.slice(-REVENUE_DAYS), before: days.slice(0, -REVENUE_DAYS), fresh };
    },
  });
}

export function useLatestImports(enabled: boolean) {
  const latest = useQuery({
    queryKey: ["imports", "latest"],
    enabled,
    refetchInterval: STATE_EVERY_MS,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/imports", { params: { query: { limit: IMPORTS_SHOWN } }, signal })),
  });
  // Begun elsewhere and ended while somebody looks here: the figures above follow.
  const going = latest.data?.imports.filter(
    ({ state }) => state === "running" || state === "undoing",
  );
  useAskAgainWhenFewer(going?.length ?? 0);
  return latest;
}

// The log first: a memory that has read that far is up to date.
export function useSystem(enabled: boolean) {
  return useQuery({
    queryKey: ["system"],
    enabled,
    refetchInterval: STATE_EVERY_MS,
    queryFn: async ({ signal }) => {
      const health = await answerOf(api.GET("/health", { signal }));
      return { health, memory: await answerOf(api.GET("/memory", { signal })) };
    },
  });
}
