import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProblemText } from "@/components/problem_text";
import { questionAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { useSystem } from "./asking";
import { lagOf } from "./lag";
import styles from "./system_line.module.css";

const DATABASES = { sqlite: "SQLite", postgresql: "PostgreSQL" };

// Whether what is shown above is all there is: how far the memory has read the log.
export function SystemLine() {
  const { t, i18n } = useTranslation();
  const system = useSystem(true);
  const problemText = useProblemText();
  // As it was before a failure is not how it is.
  if (system.isError || system.isPaused) {
    const reason = system.isError
      ? problemText(system.error).happened
      : t("error.console.no_connection");
    return (
      <p className={styles.line} data-state="bad" role="status" data-testid="system">
        <span className={styles.dot} aria-hidden="true" />
        {t("home.system_unknown", { reason })}
      </p>
    );
  }
  if (!system.data) return <p className={styles.line}>{t("loading")}</p>;
  const { health, memory } = system.data;
  const count = (value: number) => formatCount(value, i18n.language);
  const lag = lagOf(health.position, memory.position);
  const state = lag === 0 ? "good" : "behind";
  return (
    <p className={styles.line} data-state={state} role="status" data-testid="system">
      <span className={styles.dot} aria-hidden="true" />
      <span>
        {lag === 0
          ? t("home.memory_current")
          : lag === null
            ? t("home.memory_following")
            : t("home.memory_behind", { lag: count(lag) })}
      </span>
      <Link to={questionAddress({ rule: "everyone" })}>
        {t("home.memory_holds", { persons: count(memory.persons), events: count(memory.events) })}
      </Link>
      <span>
        {DATABASES[health.database]} · Siyu {health.version}
      </span>
    </p>
  );
}
