import { useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "./client";

export type ModelRow = Schema["LifecycleModelRow"];

// The lifecycle models with their stages and how many are in each.
export function useModels(enabled = true) {
  return useQuery({
    queryKey: ["lifecycle", "models"],
    enabled,
    queryFn: ({ signal }) => answerOf(api.GET("/lifecycle/models", { signal })),
  });
}
