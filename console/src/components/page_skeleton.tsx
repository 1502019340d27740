import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

// A page on its way, in its place.
export function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <section aria-busy="true" aria-label={t("loading")}>
      <Skeleton active title={{ width: 200 }} paragraph={{ rows: 6 }} />
    </section>
  );
}
