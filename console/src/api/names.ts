import { useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "./client";

export type Names = Schema["Names"];

// Every name a rule can mention. Undefined until it is here: whoever uses it does without.
export function useNames(): Names | undefined {
  return useNamesQuery().data;
}

export function useNamesQuery() {
  return useQuery({
    queryKey: ["names"],
    staleTime: 60_000,
    queryFn: () => answerOf(api.GET("/names")),
  });
}
