import { useTranslation } from "react-i18next";
import { useIsEmpty } from "@/api/anybody";
import { FirstImport } from "@/components/first_import";
import { useTitle } from "@/components/use_title";

export function HomePage() {
  const { t } = useTranslation();
  useTitle(t("page.home"));
  return <>{useIsEmpty() && <FirstImport />}</>;
}
