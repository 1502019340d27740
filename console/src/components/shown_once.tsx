import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./copy_button";
import { Dialog } from "./dialog";
import styles from "./shown_once.module.css";

interface Props {
  title: string;
  // What it is for, and for how long.
  sentence: string;
  // null: nothing to show.
  secret: string | null;
  onClose(): void;
}

// A secret that cannot be asked for again.
export function ShownOnce({ title, sentence, secret, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      open={secret !== null}
      title={title}
      actions={
        <Button type="primary" onClick={onClose}>
          {t("secret.kept")}
        </Button>
      }
    >
      <p>{sentence}</p>
      <div className={styles.secret}>
        <Input
          readOnly
          aria-label={title}
          value={secret ?? ""}
          data-testid="secret"
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={secret ?? ""} />
      </div>
    </Dialog>
  );
}
