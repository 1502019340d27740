// What the pages of what goes out ask.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";

export type Intent = Schema["Intent"];
export type Lane = Schema["Lane"];

const ROWS = 50;
const LOOK_EVERY_MS = 15_000;
const LOOK_SOON_MS = 1_000;
const SOON: readonly Intent["state"][] = ["queued", "sending"];

export function useLanes() {
  return useQuery({
    queryKey: ["outbox", "lanes"],
    queryFn: ({ signal }) => answerOf(api.GET("/outbox/lanes", { signal })),
  });
}

export function usePauses() {
  return useQuery({
    queryKey: ["outbox", "pauses"],
    staleTime: 0,
    refetchInterval: LOOK_EVERY_MS,
    queryFn: ({ signal }) => answerOf(api.GET("/outbox/pauses", { signal })),
  });
}

export function useDeadLetters() {
  return useInfiniteQuery({
    queryKey: ["outbox", "dead"],
    staleTime: 0,
    initialPageParam: "",
    getNextPageParam: ({ next }: Schema["IntentPage"]) => next,
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/outbox/dead-letters", {
          params: { query: { limit: ROWS, ...(pageParam === "" ? {} : { after: pageParam }) } },
          signal,
        }),
      ),
  });
}

// Often while somebody waits to see what comes of it.
const lookAgainAfter = (page: Schema["IntentPage"] | undefined) =>
  page?.intents.some(({ state }) => SOON.includes(state)) ? LOOK_SOON_MS : LOOK_EVERY_MS;

// What a cause wanted done, newest first.
export function useIntents(cause: string) {
  return useQuery<Schema["IntentPage"]>({
    queryKey: ["outbox", "cause", cause],
    staleTime: 0,
    refetchInterval: ({ state }) => lookAgainAfter(state.data),
    queryFn: ({ signal }) =>
      answerOf(api.GET("/outbox/intents", { params: { query: { cause, limit: ROWS } }, signal })),
  });
}

export const replay = ({ id }: Intent) =>
  answerOf(api.POST("/outbox/dead-letters/{id}/replay", { params: { path: { id } } }));
export const drop = ({ id }: Intent) =>
  answerOf(api.POST("/outbox/dead-letters/{id}/drop", { params: { path: { id } } }));
export const pause = (what: string) => answerOf(api.POST("/outbox/pauses", { body: { what } }));
export const resume = (what: string) =>
  answerOf(api.POST("/outbox/resumptions", { body: { what } }));
