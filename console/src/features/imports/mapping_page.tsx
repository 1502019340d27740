import { Alert, Button, Checkbox } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { Unsaved } from "@/components/unsaved";
import { useDebounced } from "@/components/use_debounced";
import { type Upload, useMappingChange, useStart } from "./asking";
import { ColumnsTable } from "./columns_table";
import { Conditions } from "./conditions";
import { CustomerOf } from "./customer_of";
import { Events } from "./events";
import { Further } from "./further";
import styles from "./imports.module.css";
import { KINDS, type Kind, type Mapping, withKind, withMember } from "./mapping";
import { MappingJson } from "./mapping_json";
import { PreviewTable } from "./preview_table";
import { SavedSettings } from "./saved_settings";

const WAIT_MS = 500;

interface Props {
  upload: Upload;
  mapping: Mapping;
}

// What each column means, and what that makes of the file; the program looks at every change.
export function MappingPage({ upload, mapping }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(mapping);
  // The last that was sent: the program's answer is about it.
  const [sent, setSent] = useState(mapping);
  const change = useMappingChange(upload.id);
  const settled = useDebounced(draft, WAIT_MS);
  const { mutate } = change;
  useEffect(() => {
    if (settled === sent || change.isPending) return;
    setSent(settled);
    mutate(settled);
  }, [settled, sent, change.isPending, mutate]);
  const columns = (upload.columns ?? []).map(({ name }) => name ?? "");
  const pending = draft !== sent || change.isPending;
  const part = { draft, columns, onChange: setDraft };
  return (
    <>
      <Unsaved when={pending || change.isError} />
      <SavedSettings upload={upload} draft={draft} onChange={setDraft} />
      <Panel title={t("imports.kind_of_rows")}>
        <KindChoice draft={draft} upload={upload} onChange={setDraft} />
        <HeaderChoice draft={draft} onChange={setDraft} />
      </Panel>
      <Panel title={t("imports.columns_title")} lead={t("imports.columns_lead")}>
        <ColumnsTable {...part} known={upload.columns ?? []} rows={upload.rows ?? 0} />
      </Panel>
      <Panel title={t("imports.customer_title")} lead={t("imports.customer_lead")}>
        <CustomerOf draft={draft} onChange={setDraft} />
      </Panel>
      {draft.kind !== "customers" && (
        <Panel title={t("imports.events_title")} lead={t(`imports.events_lead.${draft.kind}`)}>
          <Events {...part} />
        </Panel>
      )}
      <Panel title={t("imports.leave_out_title")} lead={t("imports.leave_out_lead")}>
        <Conditions
          conditions={draft.leave_out ?? []}
          columns={columns}
          onChange={(next) => setDraft(withMember(draft, "leave_out", next))}
        />
      </Panel>
      <Further {...part} />
      <PreviewTable
        upload={upload}
        pending={pending}
        problem={change.isError && !pending ? change.error : null}
      />
      <MappingJson mapping={draft} />
      <Begin upload={upload} ready={!pending && !change.isError} />
    </>
  );
}

function KindChoice({
  draft,
  upload,
  onChange,
}: {
  draft: Mapping;
  upload: Upload;
  onChange(next: Mapping): void;
}) {
  const { t } = useTranslation();
  const columns = upload.columns ?? [];
  const time = columns.find(({ type }) => type === "time" || type === "date") ?? columns[0];
  return (
    <div className={styles.kind}>
      <Choice
        aria-label={t("imports.kind_of_rows")}
        value={draft.kind}
        options={KINDS.map((kind) => ({ value: kind, label: t(`imports.kinds.${kind}`) }))}
        onChange={(kind) => onChange(withKind(draft, kind as Kind, time?.name ?? ""))}
      />
      <span className={styles.hint}>{t(`imports.kind_text.${draft.kind}`)}</span>
    </div>
  );
}

// The columns have other names then: what was said of them is said anew.
function HeaderChoice({ draft, onChange }: { draft: Mapping; onChange(next: Mapping): void }) {
  const { t } = useTranslation();
  const header = draft.header !== false;
  return (
    <p>
      <Checkbox
        checked={header}
        onChange={({ target }) =>
          onChange({ kind: draft.kind, ...(target.checked ? {} : { header: false }) })
        }
      >
        {t("imports.header")}
      </Checkbox>
      {!header && <span className={styles.hint}>{t("imports.no_header")}</span>}
    </p>
  );
}

// Try it, or do it.
function Begin({ upload, ready }: { upload: Upload; ready: boolean }) {
  const { t } = useTranslation();
  const [live, setLive] = useState(false);
  const start = useStart(upload.id);
  const problems = upload.problems ?? [];
  const usable = upload.preview?.made ?? 0;
  const can = ready && problems.length === 0 && usable > 0;
  return (
    <Panel title={t("imports.begin_title")} lead={t("imports.begin_lead")}>
      <p>
        <Checkbox checked={live} onChange={({ target }) => setLive(target.checked)}>
          {t("imports.live")}
        </Checkbox>
        <span className={styles.hint}>{t("imports.live_hint")}</span>
      </p>
      {problems.length > 0 && <Alert type="warning" showIcon title={t("imports.problems_first")} />}
      <div className={styles.actions}>
        <Button
          disabled={!can}
          loading={start.isPending}
          onClick={() => start.mutate({ dry_run: true, live })}
        >
          {t("imports.try")}
        </Button>
        <Button
          type="primary"
          disabled={!can}
          loading={start.isPending}
          onClick={() => start.mutate({ dry_run: false, live })}
        >
          {t("imports.import")}
        </Button>
      </div>
      {start.isError && <ProblemAlert error={start.error} className={styles.alert} />}
    </Panel>
  );
}
