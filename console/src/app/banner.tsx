import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Moment } from "@/components/moment";
import styles from "./banner.module.css";

// Above every page: what holds for all of them at the moment.
export function Banner({ demo }: { demo: { madeAt: string | null } | null }) {
  const { t } = useTranslation();
  const online = useSyncExternalStore(
    (changed) => {
      window.addEventListener("online", changed);
      window.addEventListener("offline", changed);
      return () => {
        window.removeEventListener("online", changed);
        window.removeEventListener("offline", changed);
      };
    },
    () => navigator.onLine,
  );
  return (
    <div role="status" className={styles.banners}>
      {demo && (
        <p className={styles.banner}>
          {t("demo.banner")}{" "}
          {demo.madeAt !== null && (
            <>
              {t("demo.up_to")} <Moment value={demo.madeAt} />
            </>
          )}
        </p>
      )}
      {!online && <p className={styles.banner}>{t("shell.offline")}</p>}
    </div>
  );
}
