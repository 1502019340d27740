import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./dialog";
import { ProblemAlert } from "./problem_alert";

interface Props {
  // On the button, and again on the one that does it.
  label: string;
  // What exactly will happen, and to whom.
  sentence: string;
  // Done when it ends; what it throws is said.
  onConfirm(): Promise<unknown>;
}

// Asks once before something that hurts.
export function ConfirmButton({ label, sentence, onConfirm }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      setOpen(false);
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={label}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{t("dialog.cancel")}</Button>
            <Button type="primary" danger loading={busy} onClick={() => void confirm()}>
              {label}
            </Button>
          </>
        }
      >
        {error !== null && <ProblemAlert error={error} />}
        <p>{sentence}</p>
      </Dialog>
    </>
  );
}
