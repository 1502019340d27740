import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import styles from "./problem_alert.module.css";
import { useProblemText } from "./problem_text";

interface Props {
  error: unknown;
  retry?: () => void;
  className?: string | undefined;
}

export function ProblemAlert({ error, retry, className }: Props) {
  const { t } = useTranslation();
  const { happened, todo } = useProblemText()(error);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className={className ?? ""}
      title={happened}
      description={
        (todo || retry) && (
          <div className={styles.todo}>
            {todo && <span>{todo}</span>}
            {retry && (
              <Button size="small" onClick={retry}>
                {t("again")}
              </Button>
            )}
          </div>
        )
      }
    />
  );
}
