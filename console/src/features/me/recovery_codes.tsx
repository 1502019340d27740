import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { CopyButton } from "@/components/copy_button";
import { Dialog } from "@/components/dialog";
import styles from "./second_factor.module.css";

interface Props {
  codes: readonly string[];
  onKept(): void;
}

// Shown this once: closed only by who says they are kept.
export function RecoveryCodes({ codes, onKept }: Props) {
  const { t } = useTranslation();
  const text = `${codes.join("\n")}\n`;
  return (
    <Dialog
      open
      title={t("second_factor.codes_title")}
      actions={
        <Button type="primary" onClick={onKept}>
          {t("secret.kept")}
        </Button>
      }
    >
      <p>{t("second_factor.codes_text")}</p>
      <ol className={styles.codes} data-testid="recovery_codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className={styles.actions}>
        <CopyButton text={text} />
        <Button
          onClick={() => download(t("second_factor.file_name", { host: location.host }), text)}
        >
          {t("second_factor.download")}
        </Button>
      </div>
    </Dialog>
  );
}

function download(name: string, text: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
