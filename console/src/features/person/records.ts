// What the page asks the program about one person.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";
import { dayAfter } from "@/text/days";
import type { HistoryFilter } from "./history_filter";

const EVENTS_PER_PAGE = 30;
const ORDERS_PER_PAGE = 10;
const REVIEWS_MAX = 1000;

export function useRecord(customer: string) {
  return useQuery({
    queryKey: ["customers", customer],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/customers/{customer}", { params: { path: { customer } }, signal })),
  });
}

export function useHistory(customer: string, filter: HistoryFilter) {
  const { event, source, from, to } = filter;
  return useInfiniteQuery({
    queryKey: ["customers", customer, "events", filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/customers/{customer}/events", {
          params: {
            path: { customer },
            query: {
              limit: EVENTS_PER_PAGE,
              ...(event === "" ? {} : { event }),
              ...(source === "" ? {} : { source }),
              ...(from === "" ? {} : { from }),
              ...(to === "" ? {} : { to: dayAfter(to) }),
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useOrders(customer: string) {
  return useInfiniteQuery({
    queryKey: ["customers", customer, "orders"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/customers/{customer}/orders", {
          params: {
            path: { customer },
            query: {
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

// What merges have left to be looked at on this record.
export function useReviews({ id, key }: Schema["Customer"], enabled: boolean) {
  return useQuery({
    queryKey: ["customers", "reviews", id],
    enabled,
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/merge-reviews", {
          params: { query: { customer: `c_${id}`, limit: REVIEWS_MAX } },
          signal,
        }),
      ),
    select: ({ merge_reviews }) =>
      merge_reviews.filter(({ survivor, merged }) => merged && survivor === key),
  });
}

export function useLists(enabled: boolean) {
  return useQuery({
    queryKey: ["lists"],
    enabled,
    queryFn: ({ signal }) => answerOf(api.GET("/lists", { signal })),
  });
}

// Nothing is asked without a rule, nor before the count has fixed the moment.
export function useExplanation(customer: string, rule: string, at: string | null) {
  return useQuery({
    queryKey: ["rules", "explain", rule, at, customer],
    enabled: rule !== "" && at !== null,
    queryFn: ({ signal }) =>
      answerOf(
        api.POST("/rules/explain", {
          body: { rule, customer, ...(at === null ? {} : { at }) },
          signal,
        }),
      ),
  });
}
