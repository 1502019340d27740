// What the pages ask the program about saved audiences.
import { useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";
import { useMay } from "@/components/permissions";
import { fewAtOnce } from "@/components/rule/few_at_once";
import { useZone } from "@/components/zone";
import { daysUpTo, type TrendDay } from "@/text/days";
import { wallTime } from "@/text/moment";
import { spelled } from "@/text/token";

export type Audience = Schema["Audience"];

export const SIZE_DAYS = 30;
const SIZES_FRESH_MS = 10 * 60_000;

export const ruleOf = (name: string) => `audience ${spelled(name, true)}`;

export function useAudiences() {
  return useQuery({
    queryKey: ["audiences"],
    queryFn: ({ signal }) => answerOf(api.GET("/audiences", { signal })),
  });
}

export function useAudience(id: number) {
  return useQuery({
    queryKey: ["audiences", id],
    queryFn: ({ signal }) => audienceWith(id, signal),
  });
}

export const audienceWith = (id: number, signal?: AbortSignal) =>
  answerOf(api.GET("/audiences/{id}", { params: { path: { id } }, ...(signal ? { signal } : {}) }));

export interface Size extends TrendDay {
  count: number;
}

// How many were in it at the end of each of the last days, by today's rule; today so far at last.
export function useSizes({ name, version }: Pick<Audience, "name" | "version">) {
  const zone = useZone();
  const today = wallTime(new Date().toISOString(), zone).slice(0, 10);
  return useQuery({
    queryKey: ["rules", "sizes", name, version, today, zone],
    staleTime: SIZES_FRESH_MS,
    queryFn: ({ signal }): Promise<Size[]> =>
      Promise.all(
        daysUpTo(today, SIZE_DAYS).map((day) =>
          fewAtOnce(signal, async () => {
            const body = { rule: ruleOf(name), ...(day.at === null ? {} : { at: day.at }) };
            const { count } = await answerOf(api.POST("/rules/count", { body, signal }));
            return { ...day, count };
          }),
        ),
      ),
  });
}

// "user:12" by the name they show, for whoever may read users.
export function useActorName(): (actor: string) => string {
  const enabled = useMay("users.read");
  const users = useQuery({
    queryKey: ["users"],
    enabled,
    queryFn: ({ signal }) => answerOf(api.GET("/users", { signal })),
  }).data?.users;
  return (actor) => users?.find(({ id }) => actor === `user:${id}`)?.display_name || actor;
}
