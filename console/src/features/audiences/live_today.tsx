import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { movesAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import styles from "./live.module.css";
import type { Subject } from "./live_asking";

// What was recorded since midnight; of an audience both ways, each opening who it was.
export function Today({ subject }: { subject: Subject }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  const { kind, id, entered_today: entered = 0, left_today: left = 0, flips_today } = subject;
  if (kind === "model") return count(flips_today);
  return (
    <span className={styles.today}>
      <Link
        to={movesAddress(id, "entered")}
        aria-label={t("live.entered_today", { count: entered })}
      >
        +{count(entered)}
      </Link>
      <Link to={movesAddress(id, "left")} aria-label={t("live.left_today", { count: left })}>
        −{count(left)}
      </Link>
    </span>
  );
}
