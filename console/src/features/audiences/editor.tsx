import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ConfirmButton } from "@/components/confirm_button";
import { useNotices } from "@/components/notices";
import { BackLink } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { RuleBuilder } from "@/components/rule/rule_builder";
import { useRuleDraft } from "@/components/rule/rule_draft";
import { RuleSentence } from "@/components/rule/rule_sentence";
import { NOTHING_LOST, Unsaved } from "@/components/unsaved";
import { useTitle } from "@/components/use_title";
import { audienceAddress } from "@/text/address";
import { type Audience, audienceWith, type Content, useAudiences } from "./asking";
import type { RenderPerson } from "./audience_page";
import styles from "./audience_page.module.css";
import { Conflict } from "./conflict";
import { ForecastPanel } from "./forecast";
import { LivePanel } from "./live_panel";
import { Matching } from "./matching";
import { MovementsPanel } from "./movements";
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
  const mine = { name: name.trim(), rule: draft.text.trim() };
  const write = (content: Content) => {
    setName(content.name);
    if (content.rule !== mine.rule) draft.write(content.rule);
  };
  const editing = useEditing(saved, mine, write);
  const { base, theirs } = editing;
  useTitle(base?.name ?? t("audience.new"));
  const ready = mine.name !== "" && mine.rule !== "" && !draft.wrong;
  // What a link has brought along nobody has written.
  const written = base === null ? mine.name !== "" || mine.rule !== rule.trim() : editing.changed;
  const save = () => {
    if (ready && mayWrite && editing.changed) editing.save();
  };
  return (
    <article data-testid="audience">
      <Unsaved when={mayWrite && written} />
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
              {base && <SaveAs rule={mine.rule} disabled={!ready} />}
              {base && <Delete audience={base} onConflict={() => editing.meet(base.id)} />}
            </div>
          )}
        </div>
        {mine.rule !== "" && !draft.wrong && (
          <p className={styles.sentence}>
            <RuleSentence rule={draft.settled.trim()} />
          </p>
        )}
        {base && <UsedBy audience={base} />}
      </header>
      {theirs !== null && (
        <Conflict
          mine={mine}
          theirs={theirs}
          busy={editing.saving}
          onTakeTheirs={editing.takeTheirs}
          onKeepMine={editing.keepMine}
        />
      )}
      {editing.error !== null && <ProblemAlert error={editing.error} className={styles.conflict} />}
      {base && <LivePanel audience={base} />}
      <Panel>
        <RuleBuilder draft={draft} onSubmit={save} />
      </Panel>
      <Matching {...{ draft, renderPerson }} />
      {base && (
        <History
          audience={base}
          unsaved={editing.changed}
          onRestored={editing.restored}
          onConflict={() => editing.meet(base.id)}
        />
      )}
    </article>
  );
}

// What is saved, what is being written (`write` changes it), and what somebody else has saved
// meanwhile.
function useEditing(saved: Audience | null, now: Content, write: (content: Content) => void) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const notices = useNotices();
  const [base, setBase] = useState(saved);
  const [kept, setKept] = useState<Content | null>(saved);
  const [theirs, setTheirs] = useState<Audience | null>(null);
  const [error, setError] = useState<unknown>(null);
  const change = useSave(base?.id ?? 0);
  const create = useCreate();
  const begin = (from: Audience, written: Content) => {
    setBase(from);
    setKept(written);
    setTheirs(null);
  };
  const done = (next: Audience, written: Content) => {
    begin(next, written);
    notices.success(t("audience.saved", { version: next.version }));
  };
  // Somebody else has saved: what is not touched here becomes theirs, the rest is left to choose.
  const meet = async (id: number) => {
    const other = await audienceWith(id);
    const name = now.name === kept?.name ? other.name : now.name;
    const rule = now.rule === kept?.rule ? other.rule : now.rule;
    write({ name, rule });
    if (name === other.name && rule === other.rule) return begin(other, other);
    setKept({
      name: now.name === kept?.name ? other.name : (kept?.name ?? ""),
      rule: now.rule === kept?.rule ? other.rule : (kept?.rule ?? ""),
    });
    setTheirs(other);
  };
  const saveOver = async (over: Audience) => {
    setError(null);
    const written = now;
    try {
      const next = await change.mutateAsync({
        version: over.version,
        ...(written.name === over.name ? {} : { name: written.name }),
        ...(written.rule === over.rule ? {} : { rule: written.rule }),
      });
      done(next, written);
    } catch (cause) {
      if (isConflict(cause)) await meet(over.id);
      else setError(cause);
    }
  };
  const make = async () => {
    setError(null);
    try {
      const made = await create.mutateAsync(now);
      void navigate(audienceAddress(made.id), { replace: true, state: NOTHING_LOST });
    } catch (cause) {
      setError(cause);
    }
  };
  return {
    base,
    theirs,
    error,
    saving: change.isPending || create.isPending,
    changed: kept === null || now.name !== kept.name || now.rule !== kept.rule,
    meet,
    save: () => void (base === null ? make() : saveOver(base)),
    keepMine: () => void (theirs && saveOver(theirs)),
    takeTheirs: () => {
      if (theirs === null) return;
      write(theirs);
      begin(theirs, theirs);
    },
    restored: (next: Audience) => {
      write(next);
      done(next, next);
    },
  };
}

function Delete({ audience, onConflict }: { audience: Audience; onConflict(): Promise<void> }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDelete(audience.id);
  return (
    <ConfirmButton
      label={t("audience.delete")}
      sentence={t("audience.delete_sentence", { name: audience.name })}
      onConfirm={async () => {
        try {
          await remove.mutateAsync(audience.version);
        } catch (cause) {
          if (isConflict(cause)) await onConflict();
          throw cause;
        }
        void navigate("/audiences", { state: NOTHING_LOST });
      }}
    />
  );
}

function UsedBy({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const audiences = useAudiences().data?.audiences;
  if (audience.used_by.length === 0) return null;
  return (
    <div className={styles.used} data-testid="used_by">
      {t("audience.used_by")}
      <ul>
        {audience.used_by.map((name) => {
          const user = audiences?.find((each) => each.name === name);
          return (
            <li key={name}>
              {user ? <Link to={audienceAddress(user.id)}>{name}</Link> : name}
              {user && " · "}
              {user && <RuleSentence rule={user.rule} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface HistoryProps {
  audience: Audience;
  // Something is written here that a restored version takes the place of.
  unsaved: boolean;
  onRestored(audience: Audience): void;
  // Somebody else has saved meanwhile.
  onConflict(): Promise<void>;
}

function History({ audience, unsaved, onRestored, onConflict }: HistoryProps) {
  const { t } = useTranslation();
  const mayWrite = useMay("audiences.write");
  const change = useSave(audience.id);
  const restore = async (content: Content) => {
    try {
      onRestored(await change.mutateAsync({ version: audience.version, ...content }));
    } catch (cause) {
      if (isConflict(cause)) await onConflict();
      throw cause;
    }
  };
  return (
    <>
      <Panel title={t("audience.days")}>
        <Sizes audience={audience} />
      </Panel>
      <MovementsPanel audience={audience} />
      <ForecastPanel audience={audience} />
      <Panel title={t("audience.versions")}>
        <Versions
          audience={audience}
          unsaved={unsaved}
          {...(mayWrite ? { onRestore: restore } : {})}
        />
      </Panel>
    </>
  );
}
