import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { formatBytes, formatCount, formatSpan } from "@/text/number";
import type { Question } from "./asking";

// Of one core. What is expected to take longer is asked when somebody wants it all the same.
export const HEAVY_MS = 1000;

const ESTIMATE_FRESH_MS = 60_000;

export interface Gate {
  // Whether it may be asked.
  open: boolean;
  // What it is expected to take, for somebody to decide; null: nothing has to be decided.
  heavy: Schema["Estimate"] | null;
  pass(): void;
}

// Stands before a question: its estimate takes a millisecond, whatever the question takes.
export function useGate({ rule, at }: Question, enabled = true): Gate {
  const [passed, setPassed] = useState<string | null>(null);
  const asks = enabled && rule.trim() !== "";
  const estimate = useQuery({
    queryKey: ["rules", "estimate", rule, at],
    enabled: asks,
    staleTime: ESTIMATE_FRESH_MS,
    retry: false,
    queryFn: ({ signal }) =>
      answerOf(
        api.POST("/rules/estimate", { body: { rule, ...(at === null ? {} : { at }) }, signal }),
      ),
  });
  // Null: whoever asks sees some of the customers only, which no estimate is about.
  const expected = estimate.data?.estimate ?? null;
  const isHeavy = asks && expected !== null && expected.milliseconds > HEAVY_MS;
  const heavy = isHeavy && passed !== rule ? expected : null;
  return {
    // What is wrong with it the question itself will say.
    open: asks && !estimate.isPending && heavy === null,
    heavy,
    pass: () => setPassed(rule),
  };
}

// What a heavy question is expected to take, and the way to ask it knowingly.
export function Heavy({ gate: { heavy, pass } }: { gate: Gate }) {
  const { t, i18n } = useTranslation();
  if (heavy === null) return null;
  return (
    <Alert
      type="info"
      showIcon
      role="status"
      data-testid="heavy"
      title={t("question.heavy", {
        persons: formatCount(heavy.persons, i18n.language),
        size: formatBytes(heavy.bytes, i18n.language),
        span: formatSpan(Math.ceil(heavy.milliseconds / 1000), i18n.language),
      })}
      description={<Button onClick={pass}>{t("question.heavy_ask")}</Button>}
    />
  );
}
