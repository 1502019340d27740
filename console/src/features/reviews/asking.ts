// What the page of reviews asks the program.
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";

export type Review = Schema["MergeReview"];
export type Decision = Schema["MergeDecision"]["decision"];

export const STATES = ["open", "decided"] as const;
export type State = (typeof STATES)[number];

const REVIEWS_PER_PAGE = 20;

export function useReviewPages(state: State) {
  return useInfiniteQuery({
    queryKey: ["customers", "reviews", "pages", state],
    staleTime: 0,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/merge-reviews", {
          params: {
            query: {
              state,
              limit: REVIEWS_PER_PAGE,
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export function useDecision(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: Decision) =>
      answerOf(api.POST("/merge-reviews/{id}", { params: { path: { id } }, body: { decision } })),
    onSuccess: () => askAgainAfter(client, "customers"),
  });
}
