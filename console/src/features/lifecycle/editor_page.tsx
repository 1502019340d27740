import { Button, Input } from "antd";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { problemOf } from "@/api/problem";
import { Dialog } from "@/components/dialog";
import { EmptyState } from "@/components/empty_state";
import { PageHead } from "@/components/page_head";
import { PageSkeleton } from "@/components/page_skeleton";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { Unsaved } from "@/components/unsaved";
import { modelAddress } from "./address";
import { useModel } from "./asking";
import { ModelConflict } from "./conflict";
import { isComplete, KEY, type ModelDraft, mayMovePeople, stagesOf } from "./draft";
import styles from "./editor.module.css";
import { PreviewOf } from "./preview";
import { StageRows } from "./stage_rows";
import type { Model, Said } from "./types";
import { useEditing } from "./use_editing";
import { useSaid } from "./use_said";

// A model being changed, or a new one: `/lifecycle/new` names none.
export default function EditorPage() {
  const { t } = useTranslation();
  const { model: key } = useParams();
  if (key === undefined) return <Editor saved={null} />;
  return <Saved key={key} name={key} missing={t("lifecycle.gone_title")} />;
}

function Saved({ name, missing }: { name: string; missing: string }) {
  const { t } = useTranslation();
  const model = useModel(name);
  if (model.data) return <Editor saved={model.data} />;
  if (!model.isError) return <PageSkeleton />;
  if (problemOf(model.error).status !== 404) {
    return <ProblemAlert error={model.error} retry={() => model.refetch()} />;
  }
  return (
    <EmptyState title={missing} text={t("lifecycle.gone_text")}>
      <Link to="/lifecycle">{t("lifecycle.to_models")}</Link>
    </EmptyState>
  );
}

function Editor({ saved }: { saved: Model | null }) {
  const { t } = useTranslation();
  const said = useSaid();
  const editing = useEditing(saved);
  const { base, draft, setDraft } = editing;
  const [asking, setAsking] = useState(false);
  const ready = isComplete(draft) && editing.changed;
  // Whoever may move people is shown how many before it is saved.
  const save = () => {
    if (!ready) return;
    if (base !== null && !mayMovePeople(base, draft)) void editing.save();
    else setAsking(true);
  };
  const back =
    base === null
      ? { to: "/lifecycle", label: t("lifecycle.to_models") }
      : { to: modelAddress(base.key), label: said(base.label) };
  return (
    <article data-testid="editor">
      <Unsaved when={editing.changed} />
      <PageHead
        title={
          base === null ? t("lifecycle.new") : t("lifecycle.editing", { model: said(base.label) })
        }
        lead={t("lifecycle.editor_lead")}
        back={back}
        actions={
          <Button type="primary" disabled={!ready} loading={editing.saving} onClick={save}>
            {t("dialog.save")}
          </Button>
        }
      />
      {editing.theirs !== null && (
        <ModelConflict
          theirs={editing.theirs}
          busy={editing.saving}
          onTakeTheirs={editing.takeTheirs}
          onKeepMine={editing.keepMine}
        />
      )}
      {editing.error !== null && <ProblemAlert error={editing.error} className={styles.error} />}
      <Panel title={t("lifecycle.names")}>
        <Names draft={draft} isNew={base === null} onChange={setDraft} />
      </Panel>
      <Panel title={t("lifecycle.stages")} lead={t("lifecycle.stages_lead")}>
        <StageRows
          stages={draft.stages}
          onChange={(stages) => setDraft((now) => ({ ...now, stages }))}
          onSubmit={save}
        />
      </Panel>
      <PreviewPanel draft={draft} saved={base} />
      <Dialog
        open={asking}
        wide
        title={t("lifecycle.save_title")}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{t("dialog.cancel")}</Button>
            <Button
              type="primary"
              loading={editing.saving}
              onClick={() => {
                setAsking(false);
                void editing.save();
              }}
            >
              {t("dialog.save")}
            </Button>
          </>
        }
      >
        <PreviewOf draft={askedOf(draft, base)} saved={base} stages={draft.stages} />
      </Dialog>
    </article>
  );
}

const askedOf = (draft: ModelDraft, base: Model | null) => ({
  ...(base === null ? {} : { key: base.key }),
  stages: stagesOf(draft),
});

// What it would do, asked when somebody wants to know: it evaluates every rule.
function PreviewPanel({ draft, saved }: { draft: ModelDraft; saved: Model | null }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<string | null>(null);
  const now = JSON.stringify(askedOf(draft, saved));
  return (
    <Panel
      title={t("lifecycle.preview")}
      lead={t("lifecycle.preview_lead")}
      actions={
        <Button disabled={!isComplete(draft)} onClick={() => setAsked(now)}>
          {t("lifecycle.preview_ask")}
        </Button>
      }
    >
      {asked !== null && asked === now && (
        <PreviewOf draft={askedOf(draft, saved)} saved={saved} stages={draft.stages} />
      )}
      {asked !== null && asked !== now && <p>{t("lifecycle.preview_old")}</p>}
    </Panel>
  );
}

interface NamesProps {
  draft: ModelDraft;
  isNew: boolean;
  onChange(change: (draft: ModelDraft) => ModelDraft): void;
}

function Names({ draft, isNew, onChange }: NamesProps) {
  const { t } = useTranslation();
  const word = (of: "label" | "description", language: keyof Said) => (
    <Field label={t(`lifecycle.${of}_${language}`)}>
      {(id) => (
        <Input
          id={id}
          maxLength={of === "label" ? 100 : 500}
          value={draft[of][language]}
          onChange={({ target }) =>
            onChange((now) => ({ ...now, [of]: { ...now[of], [language]: target.value } }))
          }
        />
      )}
    </Field>
  );
  return (
    <div className={styles.words}>
      {word("label", "zh")}
      {word("label", "en")}
      {word("description", "zh")}
      {word("description", "en")}
      {isNew && (
        <Field label={t("lifecycle.key")}>
          {(id) => (
            <>
              <Input
                id={id}
                maxLength={50}
                autoComplete="off"
                spellCheck={false}
                aria-invalid={draft.key !== "" && !KEY.test(draft.key)}
                value={draft.key}
                onChange={({ target }) => onChange((now) => ({ ...now, key: target.value }))}
              />
              <small>{t("lifecycle.key_hint")}</small>
            </>
          )}
        </Field>
      )}
    </div>
  );
}

function Field({ label, children }: { label: string; children(id: string): ReactNode }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
