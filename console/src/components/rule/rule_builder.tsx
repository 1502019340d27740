import { Skeleton } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "@/api/names";
import { ProblemAlert } from "@/components/problem_alert";
import { MarkMessages } from "./mark_messages";
import { RuleBlock } from "./rule_block";
import styles from "./rule_builder.module.css";
import type { RuleDraft } from "./rule_draft";
import { RuleEditor } from "./rule_editor";

interface Props {
  draft: RuleDraft;
  onSubmit(): void;
}

// Blocks and words of one rule, side by side; each shows at once what is written in the other.
export function RuleBuilder({ draft, onSubmit }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const messages = useId();
  const { text, marks, blocks, stale, check } = draft;
  return (
    <div className={styles.builder}>
      <section className={styles.side} aria-label={t("block.blocks")} data-testid="blocks">
        <h3 className={styles.title}>{t("block.blocks")}</h3>
        {names && !(stale && blocks === null && !draft.wrong) ? (
          <div inert={stale} className={styles.blocks} data-stale={stale}>
            <RuleBlock block={blocks} names={names} onChange={draft.build} />
          </div>
        ) : (
          <Skeleton active title={false} paragraph={{ rows: 3 }} />
        )}
        {stale && draft.wrong && <p className={styles.note}>{t("block.stale")}</p>}
      </section>
      <section className={styles.side} aria-label={t("block.in_words")}>
        <h3 className={styles.title}>{t("block.in_words")}</h3>
        <RuleEditor
          value={text}
          marks={marks}
          names={names}
          describedBy={messages}
          onChange={draft.write}
          onSubmit={onSubmit}
        />
        <MarkMessages id={messages} marks={marks} onFix={draft.write} />
        {check.isError && <ProblemAlert error={check.error} retry={() => check.refetch()} />}
      </section>
    </div>
  );
}
