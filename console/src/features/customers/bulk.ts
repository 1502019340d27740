// One change for many customers, done by the program in the background: how it is begun, watched,
// stopped and taken back.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { customerName } from "@/text/address";
import type { Person } from "./asking";

export type BulkChange = Schema["BulkChange"];

// Named one by one; more are meant by a rule.
export const SELECTED_MAX = 1000;
const LOOK_EVERY_MS = 700;

export interface Action {
  kind: "tag" | "list" | "staff";
  id: number;
  name: string;
  // Put on, or taken off.
  on: boolean;
}

// Those who were chosen, or everybody who satisfies the rule when it begins.
export type Whom = { people: readonly Person[] } | { rule: string };

// One that was begun in this tab: what it does, and since when.
export interface Begun {
  id: number;
  action: Pick<Action, "kind" | "name" | "on">;
  began: number;
}

const isGoing = (state: BulkChange["state"]) => state === "running" || state === "undoing";

export function bodyOf(action: Action, whom: Whom): Schema["NewBulkChange"] {
  const change = changeOf(action);
  return "rule" in whom
    ? { ...change, rule: whom.rule }
    : { ...change, customers: whom.people.map(customerName) };
}

function changeOf({ kind, id, name, on }: Action): Schema["NewBulkChange"] {
  switch (kind) {
    case "tag":
      return { [on ? "add_tags" : "remove_tags"]: [name] };
    case "list":
      return { [on ? "add_to_list" : "remove_from_list"]: id };
    case "staff":
      return { [on ? "assign_to_staff" : "take_from_staff"]: id };
  }
}

// The words of what is done.
export const wordsOf = ({ kind, on }: Pick<Action, "kind" | "on">) =>
  kind === "staff"
    ? (`customers.assigning.${on ? "add" : "remove"}` as const)
    : (`customers.doing.${on ? "add" : "remove"}` as const);

export function useBegin() {
  return useMutation({
    mutationFn: ({ action, whom }: { action: Action; whom: Whom }) =>
      answerOf(api.POST("/bulk-changes", { body: bodyOf(action, whom) })),
  });
}

// What it has come to. When it ends all that is shown of customers is asked for again.
export function useBulkChange(id: number) {
  const client = useQueryClient();
  const change = useQuery({
    queryKey: ["bulk_changes", id],
    staleTime: 0,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/bulk-changes/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) =>
      state.data && isGoing(state.data.state) ? LOOK_EVERY_MS : false,
  });
  const state = change.data?.state;
  useEffect(() => {
    if (state === undefined || isGoing(state)) return;
    void askAgainAfter(client, "bulk_changes");
  }, [client, state]);
  return change;
}

export function useStop(id: number) {
  return useAnother(id, () =>
    answerOf(api.POST("/bulk-changes/{id}/stop", { params: { path: { id } } })),
  );
}

export function useUndo(id: number) {
  return useAnother(id, async () => {
    const asked = api.POST("/bulk-changes/{id}/undo", { params: { path: { id } } });
    return (await answerOf(asked)).bulk_change;
  });
}

function useAnother(id: number, change: () => Promise<BulkChange>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (next) => client.setQueryData(["bulk_changes", id], next),
  });
}

const KEPT_AS = "siyu.bulk_change";

// Kept while the tab is open and one is signed in: a page that was left shows it again.
export function useBegun(): [Begun | null, (begun: Begun | null) => void] {
  const [begun, set] = useState<Begun | null>(() =>
    JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null"),
  );
  const keep = (next: Begun | null) => {
    if (next === null) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, JSON.stringify(next));
    set(next);
  };
  return [begun, keep];
}
