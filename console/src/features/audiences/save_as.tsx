import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Dialog } from "@/components/dialog";
import { ProblemAlert } from "@/components/problem_alert";
import { NOTHING_LOST } from "@/components/unsaved";
import { audienceAddress } from "@/text/address";
import { useCreate } from "./saving";

// What is being written becomes an audience of its own; the one it began as stays as it is.
export function SaveAs({ rule, disabled }: { rule: string; disabled: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useId();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const create = useCreate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    create.mutate(
      { name: name.trim(), rule },
      {
        onSuccess: ({ id }) => {
          setOpen(false);
          void navigate(audienceAddress(id), { state: NOTHING_LOST });
        },
      },
    );
  };
  return (
    <>
      <Button disabled={disabled} onClick={() => setOpen(true)}>
        {t("audience.save_as")}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t("audience.save_as")}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{t("dialog.cancel")}</Button>
            <Button
              type="primary"
              htmlType="submit"
              form={form}
              disabled={name.trim() === ""}
              loading={create.isPending}
            >
              {t("dialog.save")}
            </Button>
          </>
        }
      >
        {create.isError && <ProblemAlert error={create.error} />}
        <form id={form} onSubmit={submit}>
          <Input
            autoFocus
            aria-label={t("audience.new_name")}
            placeholder={t("audience.new_name")}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </form>
      </Dialog>
    </>
  );
}
