import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNamesQuery } from "@/api/names";
import { useMay } from "@/components/permissions";
import { useValueText } from "@/components/use_value_text";
import { checkOf } from "./asking";
import styles from "./rule_sentence.module.css";
import { sentenceOf } from "./sentence";

// A rule for somebody who did not write it: its sentence, with its words behind it.
export function RuleSentence({ rule }: { rule: string }) {
  const [sentence] = useSentences([rule]);
  return (
    <span className={styles.sentence} title={rule} data-testid="sentence">
      {sentence ?? "\u00a0"}
    </span>
  );
}

// The sentence of each rule; undefined: on its way. A rule the program cannot read any more, or
// whoever is here may not ask about, is its own words.
export function useSentences(rules: readonly string[]): (string | undefined)[] {
  const { t, i18n } = useTranslation();
  const may = useMay("audiences.read");
  const names = useNamesQuery();
  const valueText = useValueText();
  const checks = useQueries({
    queries: rules.map((rule) => ({ ...checkOf(rule), enabled: may && rule.trim() !== "" })),
  });
  const speaker = {
    say: t as (key: string, values?: Record<string, unknown>) => string,
    valueText,
    names: names.data,
    language: i18n.language,
  };
  return rules.map((rule, index) => {
    const check = checks[index];
    if (!may || check?.isError || names.isError) return rule;
    if (!check?.data || !names.data) return undefined;
    const { checked } = check.data;
    return checked.state === "good" ? sentenceOf(checked.tree, speaker) : rule;
  });
}
