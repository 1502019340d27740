// What the page asks the program about one person.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api } from "@/api/client";

export const EVENTS_PER_PAGE = 30;

export function useRecord(customer: string) {
  return useQuery({
    queryKey: ["customers", customer],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/customers/{customer}", { params: { path: { customer } }, signal })),
  });
}

export function useHistory(customer: string) {
  return useInfiniteQuery({
    queryKey: ["customers", customer, "events"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/customers/{customer}/events", {
          params: {
            path: { customer },
            query: {
              limit: EVENTS_PER_PAGE,
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
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
