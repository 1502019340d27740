import { InboxOutlined } from "@ant-design/icons";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ProblemAlert } from "@/components/problem_alert";
import { uploadAddress } from "@/text/address";
import { useSend } from "./asking";
import styles from "./imports.module.css";

const TAKEN = ".csv,.txt,.tsv,.xlsx";

// A file is chosen or dropped, sent, and its own page opened.
export function FileDrop() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const send = useSend();
  const take = (file: File | undefined) => {
    if (!file || send.isPending) return;
    send.mutate(file, { onSuccess: ({ id }) => void navigate(uploadAddress(id)) });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the field inside does it by keys. */}
      <div
        className={styles.drop}
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <label className={styles.choose}>
          <InboxOutlined className={styles.inbox ?? ""} aria-hidden />
          <strong>{t(send.isPending ? "imports.sending" : "imports.choose")}</strong>
          <span className={styles.hint}>{t("imports.choose_hint")}</span>
          <input
            ref={field}
            type="file"
            accept={TAKEN}
            disabled={send.isPending}
            className={styles.file_field}
            aria-label={t("imports.choose")}
            onChange={({ target }) => {
              take(target.files?.[0]);
              // The same file may be chosen again.
              target.value = "";
            }}
          />
        </label>
        {send.isPending && <progress aria-label={t("imports.sending")} />}
      </div>
      {send.isError && <ProblemAlert error={send.error} className={styles.alert} />}
    </>
  );
}
