import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EmptyState } from "./empty_state";
import styles from "./first_import.module.css";
import { useMay } from "./permissions";

// Names of columns are the same in every language.
const FILE = `customer,event,time,amount
alice,order_paid,2026-01-05T10:30,128.00
bob,order_paid,2026-01-06T21:15,56.50`;

// Nobody is known yet: how the first customers get in.
export function FirstImport() {
  const { t } = useTranslation();
  const mayImport = useMay("imports.write");
  if (!mayImport) {
    return (
      <EmptyState title={t("question.first.title")} text={t("question.first.somebody_else")} />
    );
  }
  return (
    <EmptyState title={t("question.first.title")} text={t("question.first.text")}>
      <p>
        <Link to="/customers/import" data-testid="start_import">
          {t("question.first.start")}
        </Link>
      </p>
      <ol className={styles.steps} data-testid="first_import">
        <li>
          {t("question.first.file")}
          <pre className={styles.code}>{FILE}</pre>
        </li>
        <li>{t("question.first.import")}</li>
        <li>{t("question.first.ask")}</li>
      </ol>
    </EmptyState>
  );
}
