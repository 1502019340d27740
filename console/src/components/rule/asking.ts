// What is asked about a rule wherever one is written.
import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";
import { PHONES } from "@/api/found";
import { ProblemError } from "@/api/problem";
import { fewAtOnce } from "./few_at_once";
import type { RuleNode } from "./tree";

export interface Question {
  rule: string;
  // A moment; null: now.
  at: string | null;
}

export const PEOPLE_PER_PAGE = 50;
const FIGURE_FRESH_MS = 60_000;

export type Checked =
  | { state: "good"; warnings: Schema["Warning"][]; canonical: string; tree: RuleNode }
  | { state: "mistake"; mistake: ProblemError };

// Reads the rule without asking anything. A mistake is an answer here, not a failure.
export const checkOf = (text: string) =>
  queryOptions({
    queryKey: ["rules", "check", text],
    enabled: text.trim() !== "",
    staleTime: 10_000,
    queryFn: async ({ signal }): Promise<{ text: string; checked: Checked }> => {
      try {
        const { warnings, canonical, tree } = await answerOf(
          api.POST("/rules/check", { body: { rule: text }, signal }),
        );
        // The program's tree, as tree.ts tells it.
        const read = tree as unknown as RuleNode;
        return { text, checked: { state: "good", warnings, canonical, tree: read } };
      } catch (error) {
        if (error instanceof ProblemError && error.isRuleMistake) {
          return { text, checked: { state: "mistake", mistake: error } };
        }
        throw error;
      }
    },
  });

export function useCheck(text: string) {
  return useQuery({ ...checkOf(text), placeholderData: keepPreviousData });
}

const bodyOf = ({ rule, at }: Question) => ({ rule, ...(at === null ? {} : { at }) });

// Who asks something else leaves the older question: the program stops it.
export function useCount(question: Question, enabled = true) {
  return useQuery({
    queryKey: ["rules", "count", question.rule, question.at],
    enabled: enabled && question.rule.trim() !== "",
    queryFn: ({ signal }) => answerOf(api.POST("/rules/count", { body: bodyOf(question), signal })),
  });
}

// Of a rule that is being written: the answer before stays until the next is here, with the rule it
// is of.
export function useLiveCount(rule: string, enabled: boolean) {
  return useQuery({
    queryKey: ["rules", "live_count", rule],
    enabled: enabled && rule !== "",
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => ({
      rule,
      ...(await answerOf(api.POST("/rules/count", { body: { rule }, signal }))),
    }),
  });
}

// A figure beside others: it waits its turn.
export function useFigure(rule: string) {
  return useQuery({
    queryKey: ["rules", "count", rule, null],
    staleTime: FIGURE_FRESH_MS,
    queryFn: ({ signal }) =>
      fewAtOnce(signal, () => answerOf(api.POST("/rules/count", { body: { rule }, signal }))),
  });
}

// The people at the very moment the count was taken, so that both agree; null: not counted yet.
// `stay`: those of the question before are shown until they are here.
export function usePeople({ rule, at }: Question, stay: boolean) {
  return useInfiniteQuery({
    queryKey: ["rules", "list", rule, at],
    enabled: at !== null,
    ...(stay ? { placeholderData: keepPreviousData } : {}),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.POST("/customers/list", {
          body: {
            ...bodyOf({ rule, at }),
            columns: [PHONES],
            limit: PEOPLE_PER_PAGE,
            ...(pageParam === "" ? {} : { after: pageParam }),
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
