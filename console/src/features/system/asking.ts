// What the pages of the program's own health ask it.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";

export type Backup = Schema["Backup"];

const STATE_EVERY_MS = 15_000;
const RUNNING_EVERY_MS = 2000;

export function useSystem() {
  return useQuery({
    queryKey: ["system", "whole"],
    staleTime: 0,
    refetchInterval: STATE_EVERY_MS,
    queryFn: ({ signal }) => answerOf(api.GET("/system", { signal })),
  });
}

export function useBackups() {
  return useQuery({
    queryKey: ["backups"],
    staleTime: 0,
    queryFn: ({ signal }) => answerOf(api.GET("/backups", { signal })),
    refetchInterval: ({ state }) =>
      state.data?.backups.some((each) => each.state === "running") ? RUNNING_EVERY_MS : false,
  });
}

export function useMakeBackup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answerOf(api.POST("/backups")),
    onSuccess: () => askAgainAfter(client, "backups"),
  });
}

// What is set for backups, by name.
export function useSettings() {
  return useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => answerOf(api.GET("/settings", { signal })),
  });
}
