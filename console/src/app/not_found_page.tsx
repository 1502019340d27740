import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EmptyState } from "@/components/empty_state";
import { useTitle } from "@/components/use_title";

export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t("not_found.title"));
  return (
    <EmptyState title={t("not_found.title")} text={t("not_found.text")}>
      <Link to="/">{t("not_found.home")}</Link>
    </EmptyState>
  );
}
