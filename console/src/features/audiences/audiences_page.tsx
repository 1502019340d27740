import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import type { Schema } from "@/api/client";
import { useActorName } from "@/components/actor_name";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { useProblemText } from "@/components/problem_text";
import { RuleSentence } from "@/components/rule/rule_sentence";
import { WaitingBox } from "@/components/waiting_box";
import { audienceAddress, customersAddress, newAudienceAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { ruleOf, type Size, useAudiences, useSizes } from "./asking";
import styles from "./audiences_page.module.css";
import { type Subject, useLiveList } from "./live_asking";
import { LiveBadge } from "./live_badge";
import { Today } from "./live_today";
import { SizeLine } from "./size_line";

type Row = Schema["AudienceRow"];

// Each row asks for its sizes.
const ROWS_SHOWN = 20;

export function AudiencesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useMay("audiences.write");
  const audiences = useAudiences();
  return (
    <>
      <PageHead
        title={t("page.audiences")}
        lead={t("audience.lead")}
        actions={
          <>
            <Button onClick={() => void navigate("/audiences/live")}>{t("page.live")}</Button>
            {mayWrite && (
              <Button type="primary" onClick={() => void navigate("/audiences/new")}>
                {t("audience.new")}
              </Button>
            )}
          </>
        }
      />
      <Panel>
        <Answered query={audiences} rows={6}>
          {({ audiences: rows }) =>
            rows.length === 0 ? (
              <EmptyState title={t("audience.empty_title")} text={t("audience.empty_text")}>
                <Link to={newAudienceAddress(EXAMPLE)}>
                  <RuleSentence rule={EXAMPLE} />
                </Link>
              </EmptyState>
            ) : (
              <Saved rows={rows} />
            )
          }
        </Answered>
      </Panel>
    </>
  );
}

const EXAMPLE = "did order_paid >= 3 times in last 90d";

function Saved({ rows }: { rows: readonly Row[] }) {
  const { t } = useTranslation();
  const actorName = useActorName();
  const liveOf = useLiveOf();
  const [text, setText] = useState("");
  const [shown, setShown] = useState(ROWS_SHOWN);
  const wanted = text.trim().toLowerCase();
  const found = rows.filter(({ name, rule }) => `${name} ${rule}`.toLowerCase().includes(wanted));
  const columns: Column<Row>[] = [
    {
      key: "name",
      title: t("audience.name"),
      render: ({ id, name, rule }) => (
        <>
          <Link to={audienceAddress(id)} className={styles.name ?? ""}>
            {name}
          </Link>
          <small className={styles.rule}>
            <RuleSentence rule={rule} />
          </small>
        </>
      ),
    },
    {
      key: "size",
      title: t("audience.size"),
      figures: true,
      render: (row) => <Now row={row} live={liveOf(row)} />,
    },
    {
      key: "live",
      title: t("live.today"),
      render: (row) => <LiveCell subject={liveOf(row)} />,
    },
    {
      key: "line",
      title: t("audience.days"),
      render: (row) => <Line row={row} />,
    },
    {
      key: "changed",
      title: t("audience.changed"),
      render: ({ changed_at, changed_by }) => (
        <>
          <Moment value={changed_at} />
          <small className={styles.by}>{actorName(changed_by)}</small>
        </>
      ),
    },
  ];
  return (
    <>
      {rows.length > 1 && (
        <Input
          type="search"
          className={styles.search ?? ""}
          aria-label={t("audience.find")}
          placeholder={t("audience.find")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <DataTable
        label={t("page.audiences")}
        columns={columns}
        rows={found.slice(0, shown)}
        keyOf={({ id }) => id}
        empty={t("audience.none_found")}
      />
      {found.length > shown && (
        <Button onClick={() => setShown(shown + ROWS_SHOWN)}>{t("question.more_people")}</Button>
      )}
    </>
  );
}

// What is kept live of it, if it is.
function useLiveOf() {
  const list = useLiveList();
  const audiences = list.data?.subjects.filter(({ kind }) => kind === "audience") ?? [];
  const byId = new Map(audiences.map((subject) => [subject.id, subject]));
  return ({ id }: Row) => byId.get(id);
}

// Who came and left today, where it is recorded.
function LiveCell({ subject }: { subject: Subject | undefined }) {
  if (!subject) return <LiveBadge state="off" />;
  return (
    <>
      <LiveBadge state={subject.state} progress={subject.progress} />
      {subject.state === "live" && <Today subject={subject} />}
    </>
  );
}

interface NowProps {
  row: Row;
  live: Subject | undefined;
}

// As it is followed, else the last of the sizes: now.
function Now({ row, live }: NowProps) {
  const { i18n } = useTranslation();
  const problemText = useProblemText();
  const sizes = useSizes(row);
  if (live && live.state === "live" && live.members !== null) {
    return (
      <Link to={customersAddress(ruleOf(row.name))}>
        {formatCount(live.members, i18n.language)}
      </Link>
    );
  }
  if (sizes.isError) return <span>{problemText(sizes.error).happened}</span>;
  const now: Size | undefined = sizes.data?.sizes.at(-1);
  if (!now) return <WaitingBox className={styles.waiting} />;
  return (
    <Link to={customersAddress(ruleOf(row.name))}>{formatCount(now.count, i18n.language)}</Link>
  );
}

function Line({ row }: { row: Row }) {
  const sizes = useSizes(row);
  if (sizes.isError) return null;
  if (!sizes.data) return <WaitingBox className={styles.drawing} />;
  return <SizeLine {...sizes.data} />;
}
