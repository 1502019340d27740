import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useNamesQuery } from "@/api/names";
import { useMay } from "@/components/permissions";
import { useValueText } from "@/components/use_value_text";
import { checkOf } from "./asking";
import styles from "./rule_sentence.module.css";
import { sentenceOf } from "./sentence";
import type { RuleNode } from "./tree";

// What a rule's words mean changes with the language of rules alone.
const READ_FRESH_MS = 60 * 60_000;

// The program's tree of a rule, as some answers carry it.
export type GivenTree = Schema["Audience"]["tree"];

interface Props {
  rule: string;
  // Where it is known; undefined: the program is asked to read the rule.
  tree?: GivenTree | undefined;
}

// A rule for somebody who did not write it: its sentence, with its words behind it.
export function RuleSentence({ rule, tree }: Props) {
  const [sentence] = useSentences([rule], tree && [tree]);
  return (
    <span className={styles.sentence} title={rule} data-testid="sentence">
      {sentence ?? "\u00a0"}
    </span>
  );
}

// The sentence of each rule; undefined: on its way. A rule the program cannot read any more, or
// whoever is here may not ask about, is its own words. `trees`: those of the rules that are known.
export function useSentences(
  rules: readonly string[],
  trees: readonly (GivenTree | undefined)[] = [],
): (string | undefined)[] {
  const { t, i18n } = useTranslation();
  const may = useMay("audiences.read");
  const names = useNamesQuery();
  const valueText = useValueText();
  const checks = useQueries({
    queries: rules.map((rule, index) => ({
      ...checkOf(rule),
      staleTime: READ_FRESH_MS,
      gcTime: READ_FRESH_MS,
      enabled: may && rule.trim() !== "" && !trees[index],
    })),
  });
  const speaker = {
    say: t as (key: string, values?: Record<string, unknown>) => string,
    valueText,
    names: names.data,
    language: i18n.language,
  };
  return rules.map((rule, index) => {
    const check = checks[index];
    const tree = trees[index];
    if (tree && names.data) return sentenceOf(tree as unknown as RuleNode, speaker);
    if (!may || check?.isError || names.isError) return rule;
    if (!check?.data || !names.data) return undefined;
    const { checked } = check.data;
    return checked.state === "good" ? sentenceOf(checked.tree, speaker) : rule;
  });
}
