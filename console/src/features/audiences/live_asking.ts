// What the pages ask about audiences that are kept live: their state and cost, who came and went,
// who will.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { fewAtOnce } from "@/components/rule/few_at_once";

export type Live = Schema["AudienceLive"];
export type LiveState = Schema["LiveState"];
export type Subject = Schema["LiveSubject"];
export type MoveDirection = Schema["MoveDirection"];
export type ForecastDirection = Schema["ForecastDirection"];

// Of moves: undefined: both ways, all days.
export interface MoveFilter {
  direction?: MoveDirection | undefined;
  day?: string | undefined;
}

// Of the forecast: who will arrive or leave on a day.
export interface Coming {
  direction: ForecastDirection;
  day: string;
}

export const MOVE_DAYS = 30;
const ROWS = 10;
const LOOK_EVERY_MS = 15_000;
// While somebody waits for it.
const LOOK_SOON_MS = 1_000;
const FORECAST_FRESH_MS = 60_000;

const lookAgainAfter = (states: readonly LiveState[]) =>
  states.includes("computing") ? LOOK_SOON_MS : LOOK_EVERY_MS;

export function useLive(id: number) {
  return useQuery<Live>({
    queryKey: ["rules", "live", id],
    staleTime: 0,
    refetchInterval: ({ state }) => lookAgainAfter(state.data ? [state.data.state] : []),
    queryFn: ({ signal }) =>
      answerOf(api.GET("/audiences/{id}/live", { params: { path: { id } }, signal })),
  });
}

export function useGoLive(id: number) {
  return useChange("audiences", (live: boolean) =>
    answerOf(api.PUT("/audiences/{id}/live", { params: { path: { id } }, body: { live } })),
  );
}

// Asked when somebody thinks of it.
export function useLiveEstimate(id: number, enabled: boolean) {
  return useQuery({
    queryKey: ["rules", "live", id, "estimate"],
    enabled,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/audiences/{id}/estimate", { params: { path: { id } }, signal })),
  });
}

export function useLiveList() {
  return useQuery<Schema["LiveList"]>({
    queryKey: ["rules", "live"],
    staleTime: 0,
    refetchInterval: ({ state }) =>
      lookAgainAfter(state.data?.subjects.map((subject) => subject.state) ?? []),
    queryFn: ({ signal }) => answerOf(api.GET("/live", { signal })),
  });
}

export function useMovements(id: number) {
  return useQuery({
    queryKey: ["rules", "movements", id],
    staleTime: 0,
    refetchInterval: LOOK_EVERY_MS,
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/audiences/{id}/movements", {
          params: { path: { id }, query: { days: MOVE_DAYS } },
          signal,
        }),
      ),
  });
}

// The latest first. Whoever reads further down is not disturbed by what comes above.
export function useMoves(id: number, { direction, day }: MoveFilter, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["rules", "moves", id, direction, day],
    enabled,
    staleTime: 0,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) > 1 ? false : LOOK_EVERY_MS),
    initialPageParam: "",
    getNextPageParam: ({ next }: Schema["AudienceMoves"]) => next,
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/audiences/{id}/moves", {
          params: {
            path: { id },
            query: {
              limit: ROWS,
              ...(direction === undefined ? {} : { direction }),
              ...(day === undefined ? {} : { day }),
              ...(pageParam === "" ? {} : { before: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}

export function useForecast(id: number) {
  return useQuery({
    queryKey: ["rules", "forecast", id],
    staleTime: FORECAST_FRESH_MS,
    queryFn: ({ signal }) =>
      fewAtOnce(signal, () =>
        answerOf(api.GET("/audiences/{id}/forecast", { params: { path: { id } }, signal })),
      ),
  });
}

export function useForecastPeople(id: number, { direction, day }: Coming) {
  return useInfiniteQuery({
    queryKey: ["rules", "forecast", id, direction, day],
    staleTime: FORECAST_FRESH_MS,
    initialPageParam: "",
    getNextPageParam: ({ next }: Schema["ForecastPeople"]) => next,
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/audiences/{id}/forecast/people", {
          params: {
            path: { id },
            query: {
              direction,
              day,
              limit: ROWS,
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}
