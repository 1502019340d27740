import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Answered } from "@/components/answered";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { formatBytes, formatCount, formatSpan } from "@/text/number";
import { useSystem } from "./asking";
import { type Matter, mattersOf, type Reader, type System } from "./attention";
import { type Fact, Facts } from "./facts";
import { RunningQuestions } from "./running_questions";
import styles from "./system.module.css";

const DATABASES = { sqlite: "SQLite", postgresql: "PostgreSQL" };

// How the program is (系统健康): first what somebody has to look at, then what it is made of.
export default function SystemPage() {
  const { t } = useTranslation();
  const system = useSystem();
  const mayAsk = useMay("audiences.read");
  return (
    <>
      <PageHead title={t("page.system")} lead={t("settings.part.system")} />
      <div className={styles.answer}>
        <Answered query={system} rows={10}>
          {(data) => (
            <>
              <Panel title={t("system.attention")} testId="attention">
                <Matters matters={mattersOf(data, Date.now())} />
              </Panel>
              <div className={styles.parts}>
                <Reading system={data} />
                <Writing system={data} />
                <Memory system={data} />
                <Disk system={data} />
              </div>
            </>
          )}
        </Answered>
      </div>
      {mayAsk && <RunningQuestions />}
    </>
  );
}

function Matters({ matters }: { matters: readonly Matter[] }) {
  const { t } = useTranslation();
  const lagOf = useLag();
  if (matters.length === 0) {
    return (
      <p className={styles.matter} data-weight="good" role="status">
        <span className={styles.dot} aria-hidden="true" />
        {t("system.all_well")}
      </p>
    );
  }
  return (
    <ul className={styles.matters}>
      {matters.map(({ name, weight, values, reader, to }) => (
        <li key={`${name} ${reader?.name}`} className={styles.matter} data-weight={weight}>
          <span className={styles.dot} aria-hidden="true" />
          <span>
            <strong>
              {t(`system.matter.${name}`, { ...values, ...(reader ? lagOf(reader) : {}) })}
            </strong>
            <span className={styles.todo}>{t(`system.todo.${name}`)}</span>
          </span>
          {to && <Link to={to}>{t("page.backups")}</Link>}
        </li>
      ))}
    </ul>
  );
}

interface PartProps {
  system: System;
}

function useFigures() {
  const { i18n } = useTranslation();
  return {
    count: (value: number) => formatCount(value, i18n.language),
    bytes: (value: number) => formatBytes(value, i18n.language),
    span: (seconds: number) => formatSpan(seconds, i18n.language),
  };
}

// A reader as people call it, and how far behind it is.
function useLag() {
  const { t, i18n } = useTranslation();
  const { count, span } = useFigures();
  return ({ name, lag_events, lag_events_more, lag_ms }: Reader) => {
    const key = `system.reader.${name}`;
    return {
      reader: i18n.exists(key) ? (t as (key: string) => string)(key) : name,
      events: count(lag_events) + (lag_events_more ? "+" : ""),
      span: span(Math.ceil(lag_ms / 1000)),
    };
  };
}

// Who has read how much of what was written.
function Reading({ system: { log } }: PartProps) {
  const { t } = useTranslation();
  const { count } = useFigures();
  const lagOf = useLag();
  return (
    <Panel title={t("system.reading")} lead={t("system.reading_lead")}>
      <Facts
        facts={[
          { label: t("system.log_position"), value: count(Number(log.position)) },
          ...log.readers.map((reader) => ({
            label: lagOf(reader).reader,
            value:
              reader.lag_events === 0 ? t("system.up_to_date") : t("system.lag", lagOf(reader)),
            more: t("system.position", { position: count(Number(reader.position)) }),
          })),
        ]}
      />
    </Panel>
  );
}

function Writing({ system: { store, questions, version, uptime_seconds, started_at } }: PartProps) {
  const { t } = useTranslation();
  const { count, bytes, span } = useFigures();
  const slow: Fact = {
    label: t("system.units_slow"),
    value: count(store.units_slow),
    ...(store.unit_slow ? { more: t("system.unit_slow", { name: store.unit_slow }) } : {}),
  };
  return (
    <Panel title={t("system.program")}>
      <Facts
        facts={[
          { label: t("system.version"), value: `Siyu ${version}` },
          {
            label: t("system.uptime"),
            value: span(uptime_seconds),
            more: <Moment value={started_at} exact brief />,
          },
          {
            label: t("system.database"),
            value: DATABASES[store.database],
            more: store.available ? t("system.writes") : store.reason,
          },
          { label: t("system.queued"), value: count(store.queued_units) },
          { label: t("system.committed"), value: count(store.units_committed) },
          slow,
          ...(store.database === "sqlite"
            ? [{ label: t("system.wal"), value: bytes(store.wal_bytes) }]
            : []),
          {
            label: t("system.questions"),
            value: t("system.questions_now", {
              running: count(questions.running),
              waiting: count(questions.waiting),
            }),
          },
        ]}
      />
    </Panel>
  );
}

const PARTS = [
  "order",
  "properties",
  "side",
  "histories",
  "rows",
  "customers",
  "positions",
  "keys",
  "deltas",
] as const;

function Memory({ system: { memory } }: PartProps) {
  const { t, i18n } = useTranslation();
  const { count, bytes } = useFigures();
  const reasonOf = (code: string) => {
    const key = `system.not_from.${code.replace("timeline.", "")}`;
    return i18n.exists(key) ? (t as (key: string) => string)(key) : code;
  };
  const whole = PARTS.reduce((sum, part) => sum + memory.bytes[part], 0);
  return (
    <Panel title={t("system.memory")} lead={t("system.memory_lead")}>
      <Facts
        facts={[
          { label: t("system.persons"), value: count(memory.persons) },
          {
            label: t("system.events"),
            value: count(memory.events),
            more: t("system.delta_events", { events: count(memory.delta_events) }),
          },
          {
            label: t("system.opened_from"),
            value: t(`system.opened.${memory.opened_from}`),
            ...(memory.not_from ? { more: reasonOf(memory.not_from) } : {}),
          },
          { label: t("system.memory_whole"), value: bytes(whole) },
          ...PARTS.map((part) => ({
            label: t(`system.bytes.${part}`),
            value: bytes(memory.bytes[part]),
          })),
        ]}
      />
    </Panel>
  );
}

function Disk({ system: { disk, backups } }: PartProps) {
  const { t } = useTranslation();
  const { count, bytes } = useFigures();
  const growth = disk.growth_bytes_a_day;
  const good = backups.last_good;
  return (
    <Panel title={t("system.disk")}>
      <Facts
        facts={[
          { label: t("system.data"), value: bytes(disk.data_bytes) },
          {
            label: t("system.free"),
            value: disk.free_bytes === null ? t("system.not_known") : bytes(disk.free_bytes),
          },
          ...(growth === null ? [] : [{ label: t("system.growth"), value: bytes(growth) }]),
          {
            label: t("system.forecast"),
            value: t(`system.forecasts.${disk.forecast}`, {
              count: disk.days_left ?? 0,
              days: count(disk.days_left ?? 0),
            }),
            more: t("system.samples", { samples: count(disk.samples) }),
          },
          {
            label: t("system.last_good"),
            value:
              backups.by === "pg_dump" ? (
                t("system.by_pg_dump")
              ) : good ? (
                <Moment value={good.started_at} />
              ) : (
                t("system.none_yet")
              ),
            more: <Link to="/settings/backups">{t("page.backups")}</Link>,
          },
        ]}
      />
    </Panel>
  );
}
