import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

// A page on its way, in its place. `part`: of the program, not of what it shows.
export function PageSkeleton({ part = false }: { part?: boolean }) {
  const { t } = useTranslation();
  return (
    <section aria-busy="true" aria-label={t("loading")} data-part={part || undefined}>
      <Skeleton active title={{ width: 200 }} paragraph={{ rows: 6 }} />
    </section>
  );
}
