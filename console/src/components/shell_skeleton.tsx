import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import styles from "./shell_skeleton.module.css";

export function ShellSkeleton() {
  const { t } = useTranslation();
  return (
    <main className={styles.page} aria-busy="true" aria-label={t("loading")}>
      <div className={styles.bar} />
      <div className={styles.body}>
        <Skeleton active title paragraph={{ rows: 4 }} />
      </div>
    </main>
  );
}
