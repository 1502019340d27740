// What the pages ask the program about saved audiences.
import { useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";
import { fewAtOnce } from "@/components/rule/few_at_once";
import { useZone } from "@/components/zone";
import { daysUpTo, type TrendDay } from "@/text/days";
import { wallTime } from "@/text/moment";
import { spelled } from "@/text/token";

export type Audience = Schema["Audience"];
// What a version holds and an editor changes.
export type Content = Pick<Audience, "name" | "rule">;

export const SIZE_DAYS = 30;
const SIZES_FRESH_MS = 10 * 60_000;

export const ruleOf = (name: string) => `audience ${spelled(name, true)}`;

export function useAudiences() {
  return useQuery({
    queryKey: ["audiences"],
    queryFn: ({ signal }) => answerOf(api.GET("/audiences", { signal })),
  });
}

// Kept only while it is shown: an editor begins with what there is now.
export function useAudience(id: number) {
  return useQuery({
    queryKey: ["audiences", id],
    gcTime: 0,
    queryFn: ({ signal }) => audienceWith(id, signal),
  });
}

export const audienceWith = (id: number, signal?: AbortSignal) =>
  answerOf(api.GET("/audiences/{id}", { params: { path: { id } }, ...(signal ? { signal } : {}) }));

export interface Size extends TrendDay {
  count: number;
}

export interface SizesUntil {
  sizes: Size[];
  // Of the last of them: today so far.
  at: string;
  // All that was written before is in all of them.
  fresh: boolean;
}

// How many were in it at the end of each of the last days, by today's rule, as the program keeps
// them; today so far at last.
export function useSizes({ id, name, version }: Pick<Audience, "id" | "name" | "version">) {
  const zone = useZone();
  const today = dayOf(new Date().toISOString(), zone);
  return useQuery({
    queryKey: ["rules", "sizes", id, name, version, today, zone],
    staleTime: SIZES_FRESH_MS,
    queryFn: ({ signal }): Promise<SizesUntil> =>
      fewAtOnce(signal, async () => {
        const asked = { path: { id }, query: { days: SIZE_DAYS - 1 } };
        const ended = await answerOf(api.GET("/audiences/{id}/sizes", { params: asked, signal }));
        const body = { rule: ruleOf(name) };
        const now = await answerOf(api.POST("/rules/count", { body, signal }));
        const ends = new Map(ended.sizes.map(({ at, customers }) => [dayOf(at, zone), customers]));
        const sizes = daysUpTo(today, SIZE_DAYS).flatMap((day) => {
          const count = day.at === null ? now.count : ends.get(day.at.slice(0, 10));
          return count === undefined ? [] : [{ ...day, count }];
        });
        return { sizes, at: now.at, fresh: ended.fresh && now.fresh };
      }),
  });
}

const dayOf = (moment: string, zone: string) => wallTime(moment, zone).slice(0, 10);
