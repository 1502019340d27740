import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { formatDay } from "@/text/moment";
import { ColumnPicker } from "./column_picker";
import { COLUMNS_MAX } from "./customer_columns";
import { Dialog } from "./dialog";
import styles from "./export_button.module.css";
import { useMasksOfFile } from "./masks";
import { useNotices } from "./notices";
import { ProblemAlert } from "./problem_alert";
import { saveFile } from "./save_file";
import { Segments } from "./segments";
import { useZone } from "./zone";

const FORMS = ["csv", "xlsx"] as const;
type Form = (typeof FORMS)[number];

interface Props {
  // Whom the file holds and in which order, as the program is asked; of nothing said everybody.
  question: Pick<Schema["TableFileQuestion"], "rule" | "at" | "search" | "sort">;
  // The same in words.
  whom: string;
  // More than a file can hold are chosen from.
  columns: readonly string[];
}

// Customers as a file. It is put together while somebody waits: closing the dialog ends that.
export function ExportButton(props: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button data-testid="export" onClick={() => setOpen(true)}>
        {t("export.open")}
      </Button>
      {open && <ExportDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function ExportDialog(props: Props & { onClose(): void }) {
  const { question, whom, columns: offered, onClose } = props;
  const { t } = useTranslation();
  const notices = useNotices();
  const zone = useZone();
  const [chosen, choose] = useState<readonly string[] | null>(null);
  const columns = chosen ?? offered.slice(0, COLUMNS_MAX);
  const masks = useMasksOfFile(columns);
  const [form, setForm] = useState<Form>("csv");
  const going = useRef<AbortController>(null);
  const make = useMutation({
    mutationFn: () => {
      going.current = new AbortController();
      return fileOf({ ...question, columns: [...columns] }, form, going.current.signal);
    },
    onSuccess: (content) => {
      saveFile(content, `customers-${formatDay(new Date().toISOString(), zone)}.${form}`);
      void notices.success(t("export.done"));
      onClose();
    },
  });
  const close = () => {
    going.current?.abort();
    onClose();
  };
  return (
    <Dialog
      open
      onClose={close}
      title={t("export.title")}
      actions={
        <>
          <Button onClick={close}>{t(make.isPending ? "export.stop" : "dialog.cancel")}</Button>
          <Button type="primary" loading={make.isPending} onClick={() => make.mutate()}>
            {t(make.isPending ? "export.going" : "export.save")}
          </Button>
        </>
      }
    >
      {make.isError && <ProblemAlert error={make.error} className={styles.alert} />}
      <p>{t("export.what", { whom, count: columns.length })}</p>
      {offered.length > COLUMNS_MAX && (
        <div className={styles.columns}>
          <ColumnPicker offered={offered} chosen={columns} most={COLUMNS_MAX} onChange={choose} />
        </div>
      )}
      <Segments
        label={t("export.form")}
        value={form}
        options={FORMS.map((each) => ({ value: each, label: t(`export.forms.${each}`) }))}
        onChange={(next) => setForm(next as Form)}
      />
      <ul className={styles.notes}>
        <li>{masks}</li>
        <li>{t("export.formulas")}</li>
      </ul>
    </Dialog>
  );
}

async function fileOf(
  body: Schema["TableFileQuestion"],
  form: Form,
  signal: AbortSignal,
): Promise<Blob> {
  const asked = api.POST("/customers/export", {
    params: { query: { form } },
    body,
    parseAs: "blob",
    signal,
  });
  // The contract leaves the bytes of a file open.
  return (await answerOf<unknown>(asked)) as Blob;
}
