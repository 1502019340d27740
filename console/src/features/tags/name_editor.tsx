import { Button, Input } from "antd";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemAlert } from "@/components/problem_alert";
import styles from "./tags_page.module.css";

interface Props {
  name: string;
  label: string;
  // When changing begins.
  onBegin?(): void;
  // Undefined: it may only be read.
  rename?: {
    mutate(name: string, options: { onSuccess(): void }): void;
    isPending: boolean;
    isError: boolean;
    error: unknown;
  };
}

// A name that is changed in its place: Enter saves, Esc leaves it.
export function NameEditor({ name, label, onBegin, rename }: Props) {
  const { t } = useTranslation();
  const [written, setWritten] = useState<string | null>(null);
  const begin = () => {
    onBegin?.();
    setWritten(name);
  };
  const save = () => {
    const next = (written ?? "").trim();
    if (next === name) setWritten(null);
    else if (next !== "") rename?.mutate(next, { onSuccess: () => setWritten(null) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") setWritten(null);
    if (event.key === "Enter") save();
  };
  if (written === null || !rename) {
    return (
      <span className={styles.name}>
        {name}
        {rename && (
          <Button
            size="small"
            type="text"
            aria-label={`${t("tags.rename")} ${name}`}
            onClick={begin}
          >
            {t("tags.rename")}
          </Button>
        )}
      </span>
    );
  }
  return (
    <div className={styles.renaming}>
      <Input
        autoFocus
        aria-label={label}
        value={written}
        onChange={(event) => setWritten(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Button type="primary" loading={rename.isPending} onClick={save}>
        {t("dialog.save")}
      </Button>
      <Button onClick={() => setWritten(null)}>{t("dialog.cancel")}</Button>
      {rename.isError && <ProblemAlert error={rename.error} />}
    </div>
  );
}
