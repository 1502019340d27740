import { Button } from "antd";
import { useTranslation } from "react-i18next";
import styles from "./more_rows.module.css";

interface Props {
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
}

// The next rows of a list, where there are any.
export function MoreRows({ pages }: Props) {
  const { t } = useTranslation();
  if (!pages.hasNextPage) return null;
  return (
    <div className={styles.foot}>
      <Button loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
        {t("more_rows")}
      </Button>
    </div>
  );
}
