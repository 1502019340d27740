import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "@/api/problem";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { formatCount } from "@/text/number";
import { type Import, useImport, useLeftOutFile, useUndo } from "./asking";
import styles from "./imports.module.css";
import { Counts, WholeReport } from "./report";

const GONE = "log.unknown_batch";
const KEPT_SHOWN = 100;

// One import: its report, and taking it back.
export function ImportPage({ id }: { id: number }) {
  const { t } = useTranslation();
  const asked = useImport(id);
  if (asked.isError && problemOf(asked.error).code === GONE) {
    return (
      <>
        <PageHead title={t("page.import")} />
        <EmptyState title={t("imports.gone_title")} text={t("imports.gone_text")}>
          <Link to="/customers/import">{t("page.imports")}</Link>
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHead
        title={asked.data?.file || t("page.import")}
        actions={<Link to="/customers/import">{t("page.imports")}</Link>}
      />
      <Answered query={asked}>{(data) => <Opened data={data} />}</Answered>
    </>
  );
}

function Opened({ data }: { data: Import }) {
  const { t } = useTranslation();
  const mayWrite = useMay("imports.write");
  return (
    <>
      <Panel>
        <p className={styles.about}>
          {t(`import.kind.${data.kind}`)} · {t(`import.state.${data.state}`)} · {data.by} ·{" "}
          <Moment value={data.at} />
        </p>
        {!data.kind.startsWith("bulk") && <Ended state={data.state} />}
        <Counts report={data} />
      </Panel>
      {data.rows_left_out + (data.values_left_out_count ?? 0) + (data.other_persons_count ?? 0) >
        0 && (
        <Panel title={t("imports.left_out_title")}>
          {data.left_out ? (
            <>
              <WholeReport report={data} />
              <LeftOutFile id={data.id} />
            </>
          ) : (
            <p className={styles.hint}>{t("imports.report_gone")}</p>
          )}
        </Panel>
      )}
      {mayWrite && data.kind !== "bulk_assign" && <Undo data={data} kind={data.kind} />}
    </>
  );
}

// Before the end of its file.
function Ended({ state }: { state: Import["state"] }) {
  const { t } = useTranslation();
  if (state !== "stopped" && state !== "cut_off") return null;
  return (
    <Alert type="warning" showIcon className={styles.alert ?? ""} title={t(`imports.${state}`)} />
  );
}

function LeftOutFile({ id }: { id: number }) {
  const { t } = useTranslation();
  const file = useLeftOutFile(id);
  return (
    <>
      <Button loading={file.isPending} onClick={() => file.mutate()}>
        {t("imports.left_out_file")}
      </Button>
      {file.isError && <ProblemAlert error={file.error} />}
    </>
  );
}

function Undo({ data, kind }: { data: Import; kind: Exclude<Import["kind"], "bulk_assign"> }) {
  const { t, i18n } = useTranslation();
  const undo = useUndo(data.id);
  const { state } = data;
  if (state === "undone") return data.undo ? <Undone kept={data.undo.kept} /> : null;
  if (state === "undoing" && data.undo && !data.undo.failed) return <Undoing undo={data.undo} />;
  const rows = formatCount(data.rows_imported, i18n.language);
  const sentence = t(`imports.undo_sentence.${kind}`, { rows });
  return (
    <Panel title={t("imports.undo")} lead={state === "undoing" ? t("imports.undo_cut") : sentence}>
      <ConfirmButton
        label={t("imports.undo")}
        sentence={`${sentence} ${t("imports.undo_kept")}`}
        onConfirm={() => undo.mutateAsync()}
      />
    </Panel>
  );
}

// It goes on when the page is left, and is not stopped half-way.
function Undoing({ undo: { customers, done } }: { undo: NonNullable<Import["undo"]> }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <Panel title={t("imports.undo")} lead={t("imports.undo_going")}>
      <div className={styles.going}>
        <progress
          aria-label={t("imports.undo")}
          {...(customers > 0 ? { value: done, max: customers } : {})}
        />
        <span role="status">
          {t("imports.undo_progress", {
            count: customers,
            done: count(done),
            customers: count(customers),
          })}
        </span>
      </div>
    </Panel>
  );
}

// What others have built upon what was taken back stays: said one by one.
function Undone({ kept }: { kept: readonly Kept[] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("imports.undo")}>
      <Alert type="success" showIcon role="status" title={t("imports.undone")} />
      {kept.length > 0 && (
        <>
          <p>{t("imports.kept", { count: kept.length })}</p>
          <ul className={styles.kept} data-testid="kept">
            {kept.slice(0, KEPT_SHOWN).map((each) => (
              <KeptLine key={`${each.customer} ${each.kind} ${each.name}`} kept={each} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

type Kept = NonNullable<Import["undo"]>["kept"][number];

function KeptLine({ kept: { customer, kind, name } }: { kept: Kept }) {
  const { t } = useTranslation();
  return (
    <li>
      <Link to={`/customers/${customer}`}>{customer}</Link>{" "}
      {t(`imports.kept_kind.${kind}`, { name })}
    </li>
  );
}
