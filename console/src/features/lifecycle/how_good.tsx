import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import styles from "./rhythm.module.css";

// Beside every probability: how far it can be trusted.
export function HowGood() {
  const { t } = useTranslation();
  return (
    <p className={styles.how_good}>
      <Link to="/lifecycle/rhythm#calibration">{t("calibration.how_good")}</Link>
    </p>
  );
}
