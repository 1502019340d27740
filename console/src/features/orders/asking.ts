// What the page asks the program: the list, its sums and one order. The list and the sums are of
// the same filter.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";
import { dayAfter } from "@/text/days";

const ORDERS_PER_PAGE = 50;

export interface OrderFilter {
  // Empty: all.
  state: Schema["OrderState"] | "";
  // Days of the workspace, "2026-03-05", the last one included; empty: since ever, until now.
  from: string;
  to: string;
}

function queryOf({ state, from, to }: OrderFilter) {
  return {
    ...(state === "" ? {} : { state }),
    ...(from === "" ? {} : { from }),
    ...(to === "" ? {} : { to: dayAfter(to) }),
  };
}

export function useOrders(filter: OrderFilter) {
  return useInfiniteQuery({
    queryKey: ["orders", "list", filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/orders", {
          params: {
            query: {
              ...queryOf(filter),
              limit: ORDERS_PER_PAGE,
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useSummary(filter: OrderFilter) {
  return useQuery({
    queryKey: ["orders", "summary", filter],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/orders/summary", { params: { query: queryOf(filter) }, signal })),
  });
}

export function useOrder(id: string) {
  return useQuery({
    queryKey: ["orders", "one", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/orders/{id}", { params: { path: { id } }, signal })),
  });
}
