import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { answerOf, api, type Schema } from "@/api/client";
import { Dialog } from "@/components/dialog";
import { ProblemAlert } from "@/components/problem_alert";
import { customerName } from "@/text/address";
import styles from "./record.module.css";
import { useRecordChange } from "./record_change";

// Says what goes and what stays, and wants the key written before it does it.
export function EraseButton({ record }: { record: Schema["Customer"] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useId();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const erase = useRecordChange((customer: string) =>
    answerOf(api.DELETE("/customers/{customer}", { params: { path: { customer } } })),
  );
  const close = () => {
    setOpen(false);
    setTyped("");
  };
  // The record is gone before the answer is here: what follows is nobody's on this page.
  const confirm = async () => {
    try {
      await erase.mutateAsync(customerName(record));
      void navigate("/customers");
    } catch {
      // Said above.
    }
  };
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>
        {t("person.erase")}
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title={t("person.erase_title", { customer: record.key })}
        actions={
          <>
            <Button onClick={close}>{t("dialog.cancel")}</Button>
            <Button
              type="primary"
              danger
              disabled={typed !== record.key}
              loading={erase.isPending}
              onClick={() => void confirm()}
            >
              {t("person.erase_now")}
            </Button>
          </>
        }
      >
        {erase.isError && <ProblemAlert error={erase.error} />}
        <ul className={styles.consequences}>
          <li>
            {t("person.erase_record", {
              identities: record.identities.length,
              attributes: record.attributes.length,
              labels: record.tags.length + record.lists.length,
            })}
          </li>
          {record.merges.length > 0 && (
            <li>{t("person.erase_merges", { count: record.merges.length })}</li>
          )}
          <li>{t("person.erase_events")}</li>
          <li>{t("person.erase_backups")}</li>
          <li>
            <strong>{t("person.erase_for_good")}</strong>
          </li>
        </ul>
        <label className={styles.typed} htmlFor={field}>
          {t("person.erase_type", { customer: record.key })}
          <Input
            id={field}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
      </Dialog>
    </>
  );
}
