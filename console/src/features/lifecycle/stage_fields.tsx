import { Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Fault, StageDraft } from "./draft";
import styles from "./editor.module.css";
import { StageRule } from "./stage_rule";
import type { Said } from "./types";

interface Props {
  stage: StageDraft;
  fault: Fault | null;
  onChange(next: Partial<StageDraft>): void;
  onSubmit(): void;
}

// One stage being written: what it is called, who is in it, and that in words.
export function StageFields({ stage, fault, onChange, onSubmit }: Props) {
  const { t } = useTranslation();
  const [begun] = useState({ rule: stage.rule, description: stage.description });
  const isOutdated =
    stage.rule.trim() !== begun.rule.trim() &&
    stage.description === begun.description &&
    stage.description.zh + stage.description.en !== "";
  const word = (of: "label" | "description", language: keyof Said) => (
    <Input
      aria-label={t(`lifecycle.${of === "label" ? "label" : "in_words"}_${language}`)}
      placeholder={t(`lifecycle.${of === "label" ? "label" : "in_words"}_${language}`)}
      maxLength={of === "label" ? 100 : 500}
      value={stage[of][language]}
      onChange={({ target }) => onChange({ [of]: { ...stage[of], [language]: target.value } })}
    />
  );
  return (
    <div className={styles.fields}>
      <div className={styles.names}>
        {word("label", "zh")}
        {word("label", "en")}
        {stage.fresh ? (
          <Input
            aria-label={t("lifecycle.key")}
            placeholder={t("lifecycle.key")}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            value={stage.key}
            onChange={(event) => onChange({ key: event.target.value })}
          />
        ) : (
          <code className={styles.key} title={t("lifecycle.key_stays")}>
            {stage.key}
          </code>
        )}
      </div>
      <StageRule
        rule={stage.rule}
        onRule={(rule, wrong) => onChange({ rule, wrong })}
        onSubmit={onSubmit}
      >
        <div className={styles.names}>
          {word("description", "zh")}
          {word("description", "en")}
        </div>
      </StageRule>
      {isOutdated && <p className={styles.outdated}>{t("lifecycle.words_old")}</p>}
      {fault !== null && <p className={styles.fault}>{t(`lifecycle.fault.${fault}`)}</p>}
    </div>
  );
}
