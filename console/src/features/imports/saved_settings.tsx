import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import { ConfirmButton } from "@/components/confirm_button";
import { useNotices } from "@/components/notices";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import {
  type SavedMapping,
  type Upload,
  useMappingRemoval,
  useMappingSaving,
  useSavedMapping,
} from "./asking";
import styles from "./imports.module.css";
import type { Mapping } from "./mapping";

const NAME_MAX = 100;

interface Props {
  upload: Upload;
  draft: Mapping;
  onChange(next: Mapping): void;
}

// Settings kept under a name: one that fits the file is taken, these are kept for the next file.
export function SavedSettings({ upload, draft, onChange }: Props) {
  const { t } = useTranslation();
  const [used, setUsed] = useState<SavedMapping | null>(null);
  const take = useSavedMapping();
  const fitting = upload.fitting_mappings ?? [];
  const use = (id: string) =>
    take.mutate(Number(id), {
      onSuccess: (saved) => {
        setUsed(saved);
        onChange(saved.mapping);
      },
    });
  return (
    <Panel title={t("imports.saved_title")} lead={t("imports.saved_lead")}>
      {fitting.length > 0 && (
        <div className={styles.named}>
          <Choice
            aria-label={t("imports.use_saved")}
            value={fitting.some(({ id }) => id === used?.id) ? String(used?.id) : ""}
            disabled={take.isPending}
            options={[
              { value: "", label: t("imports.use_saved") },
              ...fitting.map(({ id, name }) => ({ value: String(id), label: name })),
            ]}
            onChange={(id) => id !== "" && use(id)}
          />
          {used && <Used used={used} draft={draft} onChange={setUsed} />}
        </div>
      )}
      {take.isError && <ProblemAlert error={take.error} />}
      <SaveAs draft={draft} onSaved={setUsed} />
    </Panel>
  );
}

interface UsedProps {
  used: SavedMapping;
  draft: Mapping;
  onChange(next: SavedMapping | null): void;
}

// Changes go back to it; whoever has changed it meanwhile is not overwritten.
function Used({ used, draft, onChange }: UsedProps) {
  const { t } = useTranslation();
  const notices = useNotices();
  const saving = useMappingSaving();
  const removal = useMappingRemoval();
  const replace = () =>
    saving.mutate(
      { name: used.name, mapping: draft, replaced: used },
      {
        onSuccess: (saved) => {
          onChange(saved);
          void notices.success(t("imports.saved", { name: saved.name }));
        },
      },
    );
  return (
    <>
      {JSON.stringify(draft) !== JSON.stringify(used.mapping) && (
        <Button loading={saving.isPending} onClick={replace}>
          {t("imports.save_to", { name: used.name })}
        </Button>
      )}
      <ConfirmButton
        label={t("imports.delete_saved")}
        sentence={t("imports.delete_saved_sentence", { name: used.name })}
        onConfirm={async () => {
          await removal.mutateAsync(used);
          onChange(null);
        }}
      />
      {saving.isError && <ProblemAlert error={saving.error} />}
    </>
  );
}

function SaveAs({ draft, onSaved }: { draft: Mapping; onSaved(saved: SavedMapping): void }) {
  const { t } = useTranslation();
  const notices = useNotices();
  const [name, setName] = useState("");
  const saving = useMappingSaving();
  const save = () =>
    saving.mutate(
      { name: name.trim(), mapping: draft },
      {
        onSuccess: (saved) => {
          setName("");
          onSaved(saved);
          void notices.success(t("imports.saved", { name: saved.name }));
        },
      },
    );
  return (
    <>
      <div className={styles.named}>
        <Input
          className={styles.name_field ?? ""}
          aria-label={t("imports.saved_name")}
          placeholder={t("imports.saved_name")}
          maxLength={NAME_MAX}
          value={name}
          onChange={({ target }) => setName(target.value)}
          onPressEnter={() => name.trim() !== "" && save()}
        />
        <Button disabled={name.trim() === ""} loading={saving.isPending} onClick={save}>
          {t("imports.save_as")}
        </Button>
      </div>
      {saving.isError && <ProblemAlert error={saving.error} />}
    </>
  );
}
