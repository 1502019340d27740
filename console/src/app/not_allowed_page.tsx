import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { EmptyState } from "@/components/empty_state";
import { useTitle } from "@/components/use_title";

export function NotAllowedPage() {
  const { t } = useTranslation();
  useTitle(t("not_allowed.title"));
  return (
    <EmptyState title={t("not_allowed.title")} text={t("not_allowed.text")}>
      <Link to="/">{t("not_found.home")}</Link>
    </EmptyState>
  );
}
