// What the underlines mean, in words, with the fix one click away.
import { CloseCircleFilled, WarningFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import styles from "./mark_messages.module.css";
import type { Mark } from "./marks";

interface Props {
  id: string;
  marks: readonly Mark[];
  onFix(text: string): void;
}

export function MarkMessages({ id, marks, onFix }: Props) {
  return (
    <ul id={id} className={styles.messages} aria-live="polite">
      {marks.map((mark) => (
        <Message key={`${mark.from} ${mark.code}`} mark={mark} onFix={onFix} />
      ))}
    </ul>
  );
}

function Message({ mark, onFix }: { mark: Mark; onFix(text: string): void }) {
  const { t, i18n } = useTranslation();
  const key = `error.${mark.code}`;
  const say = t as (key: string, values: object) => string;
  const mistake = mark.kind === "mistake";
  return (
    <li className={styles.message} data-kind={mark.kind}>
      {mistake ? <CloseCircleFilled aria-hidden /> : <WarningFilled aria-hidden />}
      <div className={styles.text}>
        {i18n.exists(key) ? say(key, mark) : mark.detail}
        {mark.name && <code className={styles.code}>{mark.name}</code>}
        {mark.expected !== undefined && (
          <>
            {" "}
            {t("question.expected")} <code className={styles.code}>{mark.expected}</code>
          </>
        )}
        {mark.line !== undefined && (
          <span className={styles.place}>
            {t("question.place", { line: mark.line, column: mark.column })}
          </span>
        )}{" "}
        {mark.fixed !== undefined && (
          <Button
            size="small"
            data-testid="fix"
            onClick={() => mark.fixed !== undefined && onFix(mark.fixed)}
          >
            {t("question.did_you_mean")} <code className={styles.code}>{mark.nearest}</code>
          </Button>
        )}
      </div>
    </li>
  );
}
