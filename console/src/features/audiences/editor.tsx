import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ConfirmButton } from "@/components/confirm_button";
import { useNotices } from "@/components/notices";
import { BackLink } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { RuleBuilder } from "@/components/rule/rule_builder";
import { type RuleDraft, useRuleDraft } from "@/components/rule/rule_draft";
import { useTitle } from "@/components/use_title";
import { audienceAddress } from "@/text/address";
import { type Audience, audienceWith } from "./asking";
import type { RenderPerson } from "./audience_page";
import styles from "./audience_page.module.css";
import { Conflict } from "./conflict";
import { Matching } from "./matching";
import { SaveAs } from "./save_as";
import { isConflict, useCreate, useDelete, useSave } from "./saving";
import { Sizes } from "./sizes";
import { Versions } from "./versions";

interface Props {
  // null: a new one.
  saved: Audience | null;
  rule: string;
  renderPerson: RenderPerson;
}

// One audience: what it says, who is in it, what it was before.
export function Editor({ saved, rule, renderPerson }: Props) {
  const { t } = useTranslation();
  const mayWrite = useMay("audiences.write");
  const draft = useRuleDraft(rule);
  const [name, setName] = useState(saved?.name ?? "");
  const editing = useEditing(saved, { name, rule: draft.text.trim() });
  const { base, theirs } = editing;
  useTitle(base?.name ?? t("audience.new"));
  const ready = name.trim() !== "" && draft.text.trim() !== "" && !draft.wrong;
  const save = () => {
    if (ready && mayWrite && editing.changed) editing.save();
  };
  const takeTheirs = () => {
    if (theirs === null) return;
    setName(theirs.name);
    draft.write(theirs.rule);
    editing.takeTheirs();
  };
  return (
    <article data-testid="audience">
      <header className={styles.head}>
        <BackLink to="/audiences" label={t("audience.to_audiences")} />
        <h1 className="for-readers">{base?.name ?? t("audience.new")}</h1>
        <div className={styles.line}>
          <Input
            className={styles.name ?? ""}
            size="large"
            aria-label={t("audience.name")}
            placeholder={t("audience.name_hint")}
            readOnly={!mayWrite}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onPressEnter={save}
          />
          {mayWrite && (
            <div className={styles.actions}>
              <Button
                type="primary"
                disabled={!ready || !editing.changed}
                loading={editing.saving}
                onClick={save}
              >
                {t("dialog.save")}
              </Button>
              {base && <SaveAs rule={draft.text.trim()} disabled={!ready} />}
              {base && <Delete audience={base} />}
            </div>
          )}
        </div>
        {base && <UsedBy audience={base} />}
      </header>
      {theirs !== null && (
        <Conflict
          mine={draft.text.trim()}
          theirs={theirs}
          busy={editing.saving}
          onTakeTheirs={takeTheirs}
          onKeepMine={editing.keepMine}
        />
      )}
      {editing.error !== null && <ProblemAlert error={editing.error} className={styles.conflict} />}
      <Panel>
        <RuleBuilder draft={draft} onSubmit={save} />
      </Panel>
      <Matching {...{ draft, renderPerson }} />
      {base && <History audience={base} draft={draft} onRestored={editing.restored} />}
    </article>
  );
}

interface Content {
  name: string;
  rule: string;
}

// What is saved, what is being written, and what somebody else has saved meanwhile.
function useEditing(saved: Audience | null, now: Content) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const notices = useNotices();
  const [base, setBase] = useState(saved);
  const [kept, setKept] = useState<Content | null>(saved);
  const [theirs, setTheirs] = useState<Audience | null>(null);
  const [error, setError] = useState<unknown>(null);
  const change = useSave(base?.id ?? 0);
  const create = useCreate();
  const done = (next: Audience, written: Content) => {
    setBase(next);
    setKept(written);
    setTheirs(null);
    notices.success(t("audience.saved", { version: next.version }));
  };
  const saveOver = async (over: Audience) => {
    setError(null);
    const written = { name: now.name.trim(), rule: now.rule };
    try {
      const next = await change.mutateAsync({
        version: over.version,
        ...(written.name === over.name ? {} : { name: written.name }),
        ...(written.rule === over.rule ? {} : { rule: written.rule }),
      });
      done(next, written);
    } catch (cause) {
      if (isConflict(cause)) setTheirs(await audienceWith(over.id));
      else setError(cause);
    }
  };
  const make = async () => {
    setError(null);
    try {
      const made = await create.mutateAsync({ name: now.name.trim(), rule: now.rule });
      void navigate(audienceAddress(made.id), { replace: true });
    } catch (cause) {
      setError(cause);
    }
  };
  return {
    base,
    theirs,
    error,
    saving: change.isPending || create.isPending,
    changed: kept === null || now.name.trim() !== kept.name || now.rule !== kept.rule,
    save: () => void (base === null ? make() : saveOver(base)),
    keepMine: () => void (theirs && saveOver(theirs)),
    takeTheirs: () => {
      setBase(theirs);
      setKept(theirs);
      setTheirs(null);
    },
    restored: (next: Audience) => done(next, { name: now.name.trim(), rule: next.rule }),
  };
}

function Delete({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDelete(audience.id);
  return (
    <ConfirmButton
      label={t("audience.delete")}
      sentence={t("audience.delete_sentence", { name: audience.name })}
      onConfirm={async () => {
        await remove.mutateAsync(undefined);
        void navigate("/audiences");
      }}
    />
  );
}

function UsedBy({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  if (audience.used_by.length === 0) return null;
  return (
    <p className={styles.used} data-testid="used_by">
      {t("audience.used_by", { names: audience.used_by.join(t("value.separator")) })}
    </p>
  );
}

interface HistoryProps {
  audience: Audience;
  draft: RuleDraft;
  onRestored(audience: Audience): void;
}

function History({ audience, draft, onRestored }: HistoryProps) {
  const { t } = useTranslation();
  const mayWrite = useMay("audiences.write");
  const change = useSave(audience.id);
  const restore = async (rule: string) => {
    const next = await change.mutateAsync({ version: audience.version, rule });
    draft.write(next.rule);
    onRestored(next);
  };
  return (
    <>
      <Panel title={t("audience.days")}>
        <Sizes audience={audience} />
      </Panel>
      <Panel title={t("audience.versions")}>
        <Versions audience={audience} {...(mayWrite ? { onRestore: restore } : {})} />
      </Panel>
    </>
  );
}
