// The question as it stands in the address: rule, at (a moment; none: now) and person. Whoever
// gets the address sees the same page.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { Question } from "@/components/rule/asking";
import { questionAddress, questionSearch } from "@/text/address";

export interface QuestionAddress extends Question {
  person: string | null;
  ask(question: Question): void;
  // Where a person of the answer is opened, for links.
  addressOf(person: string): string;
  close(): void;
  // The same question about the same person at another moment.
  moveTo(at: string): void;
}

export function useQuestionAddress(): QuestionAddress {
  const [search, setSearch] = useSearchParams();
  const rule = search.get("rule") ?? "";
  const at = search.get("at");
  const person = search.get("person");

  const ask = useCallback((question: Question) => setSearch(questionSearch(question)), [setSearch]);
  const addressOf = useCallback(
    (next: string) => questionAddress({ rule, at, person: next }),
    [rule, at],
  );
  const close = useCallback(() => setSearch(questionSearch({ rule, at })), [setSearch, rule, at]);
  const moveTo = useCallback(
    (next: string) => setSearch(questionSearch({ rule, at: next, person })),
    [setSearch, rule, person],
  );
  return useMemo(
    () => ({ rule, at, person, ask, close, moveTo, addressOf }),
    [rule, at, person, ask, close, moveTo, addressOf],
  );
}
