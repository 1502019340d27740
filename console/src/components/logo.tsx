import { useTranslation } from "react-i18next";
import styles from "./logo.module.css";

// `brief`: where there is little room only the picture.
export function Logo({ brief = false }: { brief?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={styles.logo}>
      <img src="/siyu.svg" alt="" width={28} height={28} />
      <span className={brief ? "for-readers-narrow" : ""}>{t("product")}</span>
    </span>
  );
}
