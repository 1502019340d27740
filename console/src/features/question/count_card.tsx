import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Moment } from "@/components/moment";
import { useZone } from "@/components/zone";
import { formatCount, roundedCount } from "@/text/number";
import styles from "./count_card.module.css";

// `count` undefined: on its way.
export function CountCard({ count }: { count: Schema["Count"] | undefined }) {
  const { t, i18n } = useTranslation();
  const zone = useZone();
  const rounded = count && roundedCount(count.count, i18n.language);
  return (
    <section className={styles.card} aria-label={t("question.count")} aria-busy={!count}>
      <div className={styles.label}>{t("question.count")}</div>
      {count ? (
        <>
          <div className={styles.figure} data-testid="count">
            {formatCount(count.count, i18n.language)}
            <span className={styles.unit}>{t("question.people_unit", { count: count.count })}</span>
          </div>
          <div className={styles.moment}>
            {rounded && <span>{t("question.about", { rounded })}</span>}
            <span>
              <Moment value={count.at} exact brief /> {zone}
            </span>
            {!count.fresh && <span role="status">{t("question.behind")}</span>}
          </div>
        </>
      ) : (
        <div className={styles.skeleton}>
          <Skeleton.Node active style={{ width: 160, height: 40 }} />
          <Skeleton.Node active style={{ width: 200, height: 16 }} />
        </div>
      )}
    </section>
  );
}
