import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { importAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { useLatestImports } from "./asking";
import styles from "./latest_imports.module.css";

export function LatestImports() {
  const { t } = useTranslation();
  const latest = useLatestImports(true);
  return (
    <Panel title={t("home.imports")} testId="imports">
      <Answered query={latest} rows={3}>
        {({ imports }) => <Imports imports={imports} />}
      </Answered>
    </Panel>
  );
}

function Imports({ imports }: { imports: readonly Schema["Import"][] }) {
  const { t, i18n } = useTranslation();
  if (imports.length === 0) return <p className={styles.none}>{t("home.no_imports")}</p>;
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <ul className={styles.imports}>
      {imports.map((each) => (
        <li key={each.id} className={styles.import}>
          <Link className={styles.file ?? ""} to={importAddress(each.id)}>
            {each.file ||
              (each.kind.startsWith("bulk")
                ? t(`import.kind.${each.kind}`)
                : t("home.import_unnamed"))}
          </Link>
          <span className={styles.state} data-state={each.state}>
            {t(`import.state.${each.state}`)}
          </span>
          <span className={styles.rows}>
            {t("home.import_rows", {
              kind: t(`import.kind.${each.kind}`),
              imported: count(each.rows_imported),
            })}
            {each.rows_left_out > 0 &&
              t("home.import_left_out", { left_out: count(each.rows_left_out) })}
          </span>
          <span className={styles.when}>
            {each.by} · <Moment value={each.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
