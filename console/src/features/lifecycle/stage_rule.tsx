import { Button } from "antd";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { RuleBuilder } from "@/components/rule/rule_builder";
import { useRuleDraft } from "@/components/rule/rule_draft";
import { RuleSentence } from "@/components/rule/rule_sentence";
import styles from "./editor.module.css";

interface Props {
  rule: string;
  onRule(rule: string, wrong: boolean): void;
  onSubmit(): void;
  // Below the rule, once it is open.
  children: ReactNode;
}

// Who is in a stage: a sentence, and the rule's blocks and words once somebody wants to change it.
export function StageRule({ rule, onRule, onSubmit, children }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(rule === "");
  return (
    <>
      <div className={styles.sentence}>
        <span>
          {rule.trim() === "" ? t("lifecycle.no_rule") : <RuleSentence rule={rule.trim()} />}
        </span>
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t("lifecycle.rule_done") : t("lifecycle.rule_change")}
        </Button>
      </div>
      {open && (
        <>
          <Written {...{ rule, onRule, onSubmit }} />
          {children}
        </>
      )}
    </>
  );
}

function Written({ rule, onRule, onSubmit }: Omit<Props, "children">) {
  const draft = useRuleDraft(rule);
  const { text, wrong } = draft;
  const tell = useEffectEvent(onRule);
  useEffect(() => tell(text, wrong), [text, wrong]);
  return <RuleBuilder draft={draft} onSubmit={onSubmit} />;
}
