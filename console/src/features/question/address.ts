// The question as it stands in the address: rule, at (a moment; none: now) and person. Whoever
// gets the address sees the same page.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

export interface Question {
  rule: string;
  at: string | null;
}

export interface QuestionAddress extends Question {
  person: string | null;
  ask(question: Question): void;
  open(person: string): void;
  // Where `open` leads, for links.
  addressOf(person: string | null): string;
  close(): void;
}

export function useQuestionAddress(): QuestionAddress {
  const [search, setSearch] = useSearchParams();
  const rule = search.get("rule") ?? "";
  const at = search.get("at");
  const person = search.get("person");

  const ask = useCallback((question: Question) => setSearch(searchOf(question, null)), [setSearch]);
  const addressOf = useCallback(
    (next: string | null) => `/question?${searchOf({ rule, at }, next)}`,
    [rule, at],
  );
  const open = useCallback(
    (next: string) => setSearch(searchOf({ rule, at }, next)),
    [setSearch, rule, at],
  );
  const close = useCallback(() => setSearch(searchOf({ rule, at }, null)), [setSearch, rule, at]);
  return useMemo(
    () => ({ rule, at, person, ask, open, close, addressOf }),
    [rule, at, person, ask, open, close, addressOf],
  );
}

function searchOf({ rule, at }: Question, person: string | null): URLSearchParams {
  const search = new URLSearchParams();
  if (rule !== "") search.set("rule", rule);
  if (at !== null) search.set("at", at);
  if (person !== null) search.set("person", person);
  return search;
}
