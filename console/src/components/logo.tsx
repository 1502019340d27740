import { useTranslation } from "react-i18next";
import styles from "./logo.module.css";

export function Logo() {
  const { t } = useTranslation();
  return (
    <span className={styles.logo}>
      <img src="/siyu.svg" alt="" width={28} height={28} />
      <span>{t("product")}</span>
    </span>
  );
}
