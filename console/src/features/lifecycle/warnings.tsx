import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import styles from "./lifecycle.module.css";
import type { ModelWarning, Stage } from "./types";
import { useCalled } from "./use_called";

interface Props {
  warnings: readonly ModelWarning[];
  stages: readonly Pick<Stage, "key" | "label">[];
}

// What is probably not meant: said before saving, and as long as it stands.
export function Warnings({ warnings, stages }: Props) {
  const { t, i18n } = useTranslation();
  const called = useCalled(stages);
  if (warnings.length === 0) return null;
  const say = t as (key: string, values: object) => string;
  const sentence = ({ code, stage, name }: ModelWarning) => {
    const key = `lifecycle.warning.${code.replace(/^.*\./, "")}`;
    const values = { stage: called(stage), name: called(name) };
    return i18n.exists(key) ? say(key, values) : `${called(stage)}: ${code}`;
  };
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      className={styles.notice ?? ""}
      title={
        <ul className={styles.plain} data-testid="warnings">
          {warnings.map((warning) => (
            <li key={`${warning.code} ${warning.stage}`}>{sentence(warning)}</li>
          ))}
        </ul>
      }
    />
  );
}
