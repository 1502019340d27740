import { useTranslation } from "react-i18next";

// "12 days", "0.5 days": as exact as it is read.
export function useDays(): (days: number) => string {
  const { t, i18n } = useTranslation();
  return (days) => {
    const digits = days < 10 ? 1 : 0;
    const figure = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: digits });
    return t("lifecycle.days", { count: Math.ceil(days), days: figure.format(days) });
  };
}
