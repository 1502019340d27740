import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Dialog } from "./dialog";
import { useNotices } from "./notices";
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
  const notices = useNotices();
  const copy = () =>
    void navigator.clipboard
      .writeText(secret ?? "")
      .then(() => notices.success(t("secret.copied")))
      .catch(() => notices.warning(t("secret.not_copied")));
  return (
    <Dialog
      open={secret !== null}
      onClose={onClose}
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
        <Button onClick={copy}>{t("secret.copy")}</Button>
      </div>
    </Dialog>
  );
}
