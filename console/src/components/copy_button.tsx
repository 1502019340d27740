import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNotices } from "./notices";

// Puts a text where it can be pasted from, and says whether that worked.
export function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const notices = useNotices();
  const copy = () =>
    void navigator.clipboard
      .writeText(text)
      .then(() => notices.success(t("secret.copied")))
      .catch(() => notices.warning(t("secret.not_copied")));
  return <Button onClick={copy}>{t("secret.copy")}</Button>;
}
