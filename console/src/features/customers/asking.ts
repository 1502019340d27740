// What the list asks the program.
import { hashKey, type InfiniteData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";

export const ROWS_PER_PAGE = 25;

export type Person = Schema["Person"];
export type Row = Schema["TableRow"];

export interface Asked {
  // A part of a name, the end of a phone …; empty: everybody, the newest first.
  search: string;
  // Empty: found by the search.
  rule: string;
  // The moment the rule is asked of; null: now.
  at: string | null;
  columns: readonly string[];
  sort: Schema["TableSort"] | null;
}

export function useTable({ search, rule, at, columns, sort }: Asked, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["customers", "list", { search, rule, columns, sort }, at],
    enabled,
    // Counted anew, the list stays until the one of that moment is here.
    placeholderData: (previous: InfiniteData<Schema["TablePage"], string> | undefined, query) =>
      hashKey([query?.queryKey[2]]) === hashKey([{ search, rule, columns, sort }])
        ? previous
        : undefined,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.POST("/customers/list", {
          body: {
            limit: ROWS_PER_PAGE,
            columns: [...columns],
            ...(search === "" ? {} : { search }),
            ...(rule === "" ? {} : { rule }),
            ...(at === null ? {} : { at }),
            ...(sort === null ? {} : { sort }),
            ...(pageParam === "" ? {} : { after: pageParam }),
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

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
