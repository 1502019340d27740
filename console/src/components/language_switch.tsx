import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { chooseLanguage } from "@/text/language";

// One press: there are two languages. Labelled in the other one, as its readers look for it.
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const other = i18n.language === "en" ? "zh-CN" : "en";
  return (
    <Button
      type="text"
      lang={other}
      data-testid="language"
      onClick={() => void chooseLanguage(other)}
    >
      {t("language.other")}
    </Button>
  );
}
