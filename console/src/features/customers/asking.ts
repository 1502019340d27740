// What the list asks the program.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";

export const ROWS_PER_PAGE = 25;

export type Person = Schema["Person"];
export type Record = Schema["Customer"];

// Everybody, the newest first, or those with an identity that starts with `search`.
export function useFound(search: string, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["customers", "list", search],
    enabled,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/customers", {
          params: {
            query: {
              limit: ROWS_PER_PAGE,
              ...(search === "" ? {} : { search }),
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

// What a row shows beside the key.
export function useRecord(customer: string) {
  return useQuery({
    queryKey: ["customers", customer],
    queryFn: ({ signal }) => recordOf(customer, signal),
  });
}

export const recordOf = (customer: string, signal?: AbortSignal) =>
  answerOf(
    api.GET("/customers/{customer}", {
      params: { path: { customer } },
      ...(signal ? { signal } : {}),
    }),
  );

export function useLists(enabled: boolean) {
  return useQuery({
    queryKey: ["lists"],
    enabled,
    queryFn: ({ signal }) => answerOf(api.GET("/lists", { signal })),
  });
}

export function useTags() {
  return useQuery({
    queryKey: ["tags"],
    queryFn: ({ signal }) => answerOf(api.GET("/tags", { signal })),
  });
}
