import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { audienceAddress, modelAddress } from "@/text/address";
import {
  formatBytes,
  formatCount,
  formatFigure,
  formatMicroseconds,
  formatShare,
} from "@/text/number";
import styles from "./live.module.css";
import { type Subject, useLiveList } from "./live_asking";
import { LiveBadge } from "./live_badge";
import { Today } from "./live_today";

// Everything that is kept live, audiences and lifecycle models, and what each takes.
export default function LivePage() {
  const { t } = useTranslation();
  const list = useLiveList();
  return (
    <>
      <PageHead title={t("page.live")} lead={t("live.page_lead")} />
      <Panel>
        <Answered query={list} rows={6}>
          {(known) =>
            known.subjects.length === 0 ? (
              <EmptyState title={t("live.empty_title")} text={t("live.empty_text")}>
                <Link to="/audiences">{t("live.to_audiences")}</Link>
              </EmptyState>
            ) : (
              <>
                <Sums list={known} />
                <Subjects subjects={known.subjects} />
              </>
            )
          }
        </Answered>
      </Panel>
    </>
  );
}

const SECOND_MS = 1000;

function Sums({ list }: { list: Schema["LiveList"] }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const count = (value: number) => formatCount(value, language);
  const figures = [
    ["subjects", `${count(list.subjects.length)} / ${count(list.subjects_max)}`],
    ["bytes", formatBytes(list.bytes, language)],
    ["bytes_each", `${formatFigure(list.bytes_per_customer_and_rule, language)} B`],
    ["cpu", formatShare(list.cpu_share, language, 2)],
    ["flips", count(list.flips_today)],
  ] as const;
  return (
    <>
      <dl className={styles.figures} data-testid="live_sums">
        {figures.map(([name, figure]) => (
          <div key={name}>
            <dt>{t(`live.sum.${name}`)}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note} role="status">
        {list.behind_ms < SECOND_MS
          ? t("live.following")
          : t("live.behind", { seconds: count(Math.ceil(list.behind_ms / SECOND_MS)) })}{" "}
        · {t("question.as_of")} <Moment value={list.at} exact brief />
      </p>
    </>
  );
}

function Subjects({ subjects }: { subjects: readonly Subject[] }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  const columns: Column<Subject>[] = [
    {
      key: "name",
      title: t("live.rule"),
      render: (subject) => (
        <>
          <Link to={addressOf(subject)} className={styles.name ?? ""}>
            {subject.name}
          </Link>
          <small className={styles.kind}>{t(`live.kind.${subject.kind}`)}</small>
        </>
      ),
    },
    {
      key: "state",
      title: t("live.state_of"),
      render: ({ state, progress }) => <LiveBadge state={state} progress={progress} />,
    },
    {
      key: "members",
      title: t("live.figure.members"),
      figures: true,
      render: ({ members }) => (members === null ? "–" : count(members)),
    },
    {
      key: "today",
      title: t("live.today"),
      render: (subject) => <Today subject={subject} />,
    },
    {
      key: "bytes",
      title: t("live.figure.bytes"),
      figures: true,
      render: ({ bytes }) => formatBytes(bytes, i18n.language),
    },
    {
      key: "per_change",
      title: t("live.figure.per_change"),
      figures: true,
      render: ({ microseconds_per_change: each }) => formatMicroseconds(each, i18n.language),
    },
    {
      key: "evaluations",
      title: t("live.figure.evaluations"),
      figures: true,
      render: ({ evaluations }) => count(evaluations),
    },
    {
      key: "cpu",
      title: t("live.figure.cpu"),
      figures: true,
      render: ({ cpu_share }) => formatShare(cpu_share, i18n.language, 3),
    },
  ];
  return (
    <DataTable
      label={t("page.live")}
      columns={columns}
      rows={subjects}
      keyOf={({ kind, id }) => `${kind} ${id}`}
      empty=""
    />
  );
}

const addressOf = ({ kind, id, key }: Subject) =>
  kind === "audience" ? audienceAddress(id) : modelAddress(key ?? "");
