import { Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "@/api/names";
import { ProblemAlert } from "@/components/problem_alert";
import type { Question } from "@/components/rule/asking";
import { useCheck } from "@/components/rule/asking";
import { MarkMessages } from "@/components/rule/mark_messages";
import { type Mark, marksOf } from "@/components/rule/marks";
import { RuleEditor } from "@/components/rule/rule_editor";
import { useDebounced } from "@/components/use_debounced";
import styles from "./ask_form.module.css";
import { MomentChoice } from "./moment_choice";

const CHECK_WAIT_MS = 250;
const NO_MARKS: readonly Mark[] = [];

interface Props {
  asked: Question;
  onAsk(question: Question): void;
}

// The question being written. The page gives it a new key when the address changes, so that back
// and forward bring the old words back.
export function AskForm({ asked, onAsk }: Props) {
  const { t } = useTranslation();
  const names = useNames();
  const messages = useId();
  const [text, setText] = useState(asked.rule);
  const [at, setAt] = useState(asked.at);
  const check = useCheck(useDebounced(text, CHECK_WAIT_MS));

  // Marks belong to the text they were found in; while people type on, the old ones go.
  const marks = check.data?.text === text ? marksOf(text, check.data.checked) : NO_MARKS;
  const wrong = marks.some((mark) => mark.kind === "mistake");
  const ask = () => {
    if (text.trim() !== "" && !wrong) onAsk({ rule: text.trim(), at });
  };

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <RuleEditor
        value={text}
        marks={marks}
        names={names}
        describedBy={messages}
        onChange={setText}
        onSubmit={ask}
      />
      <MarkMessages id={messages} marks={marks} onFix={setText} />
      {/* The answer below has an error of its own for the same words. */}
      {check.isError && text !== asked.rule && (
        <ProblemAlert error={check.error} retry={() => check.refetch()} />
      )}
      <div className={styles.actions}>
        <MomentChoice value={at} onChange={setAt} />
        <Button type="primary" htmlType="submit" disabled={text.trim() === "" || wrong}>
          {t("question.ask")}
        </Button>
        <span className={styles.hint}>{t("question.hint")}</span>
      </div>
    </form>
  );
}
