import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import styles from "./imports.module.css";
import { type Mapping, withFirstIdentity } from "./mapping";

interface Props {
  draft: Mapping;
  onChange(next: Mapping): void;
}

// The columns that name the customer, in the order they are looked at.
export function CustomerOf({ draft, onChange }: Props) {
  const { t } = useTranslation();
  const identities = (draft.columns ?? []).filter(({ as }) => as === "identity");
  if (identities.length === 0) {
    return <Alert type="warning" showIcon title={t("imports.no_identity")} />;
  }
  return (
    <ol className={styles.identities} data-testid="identities">
      {identities.map(({ column, name }, index) => (
        <li key={column}>
          <b>{column}</b> <span className={styles.hint}>{name}</span>
          {index > 0 && (
            <Button
              size="small"
              aria-label={`${t("imports.look_first")} ${column}`}
              onClick={() => onChange(withFirstIdentity(draft, column))}
            >
              {t("imports.look_first")}
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}
