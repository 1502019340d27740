import { useTranslation } from "react-i18next";
import { FirstImport } from "@/components/first_import";
import styles from "./home_page.module.css";

// Nobody is known yet: what to do first.
export function FirstRun() {
  const { t } = useTranslation();
  return (
    <>
      <h1 className={styles.title}>{t("home.welcome")}</h1>
      <div className={styles.first}>
        <FirstImport />
      </div>
    </>
  );
}
