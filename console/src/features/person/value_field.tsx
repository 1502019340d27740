import { Button, Input } from "antd";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Choice } from "@/components/choice";
import { useZone } from "@/components/zone";
import { draftOf, readDraft } from "./value_draft";
import styles from "./value_field.module.css";

interface Props {
  label: string;
  type: Schema["ValueType"];
  value: unknown;
  busy: boolean;
  // null: nobody knows it any more.
  onSave(value: unknown): void;
  onCancel(): void;
}

// One value being written: Enter saves, Esc leaves it.
export function ValueField({ label, type, value, busy, onSave, onCancel }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  const [draft, setDraft] = useState(() => draftOf(value, type, zone));
  const [wrong, setWrong] = useState(false);
  const save = () => {
    const next = readDraft(draft, type);
    setWrong(next === undefined);
    if (next !== undefined) onSave(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onCancel();
    }
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    if (type === "text_list" && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    save();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the field within.
    <div className={styles.field} onKeyDown={onKeyDown}>
      <Draft {...{ label, type, draft, wrong }} onChange={setDraft} />
      <div className={styles.actions}>
        <Button size="small" type="primary" loading={busy} onClick={save}>
          {t("dialog.save")}
        </Button>
        <Button size="small" onClick={onCancel}>
          {t("dialog.cancel")}
        </Button>
        {value !== null && value !== undefined && (
          <Button size="small" type="text" disabled={busy} onClick={() => onSave(null)}>
            {t("person.make_unknown")}
          </Button>
        )}
      </div>
      {wrong && (
        <p role="alert" className={styles.wrong}>
          {t(`person.value_form.${type}`)}
        </p>
      )}
    </div>
  );
}

interface DraftProps {
  label: string;
  type: Schema["ValueType"];
  draft: string;
  wrong: boolean;
  onChange(draft: string): void;
}

function Draft({ label, type, draft, wrong, onChange }: DraftProps) {
  const { t } = useTranslation();
  if (type === "bool") {
    return (
      <Choice
        autoFocus
        aria-label={label}
        value={draft}
        options={[
          { value: "", label: t("value.unknown") },
          { value: "true", label: t("value.yes") },
          { value: "false", label: t("value.no") },
        ]}
        onChange={onChange}
      />
    );
  }
  const common = {
    autoFocus: true,
    "aria-label": label,
    "aria-invalid": wrong,
    value: draft,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (type === "text_list") {
    return <Input.TextArea {...common} rows={3} placeholder={t("person.value_form.text_list")} />;
  }
  if (type === "time") return <Input {...common} type="datetime-local" step="any" />;
  const numeric = type === "int" || type === "decimal" || type === "money";
  return <Input {...common} {...(numeric ? { inputMode: "decimal" as const } : {})} />;
}
