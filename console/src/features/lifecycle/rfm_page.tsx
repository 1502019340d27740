import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Answered } from "@/components/answered";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { Segments } from "@/components/segments";
import { useLabels } from "@/components/use_labels";
import { spelled } from "@/text/token";
import { useRfm, type Whom } from "./asking";
import styles from "./lifecycle.module.css";
import { PeoplePanel } from "./people_panel";
import { USUAL } from "./policy_draft";
import { RfmGrid } from "./rfm_grid";
import { PolicyDialog } from "./rfm_policy";
import { RfmSegments } from "./rfm_segments";
import type { Rfm } from "./types";
import { useSaid } from "./use_said";

// Recency, frequency, money: who bought how lately, how often, for how much.
export default function RfmPage() {
  const { t } = useTranslation();
  const mayWrite = useMay("settings.write");
  const rfm = useRfm();
  return (
    <>
      <PageHead
        title={t("page.rfm")}
        lead={t("rfm.lead")}
        actions={mayWrite && rfm.data && <PolicyDialog rfm={rfm.data} />}
      />
      <Answered query={rfm} rows={9}>
        {(answer) =>
          answer.customers === 0 ? (
            <Panel>
              <EmptyState title={t("rfm.empty_title")} text={t("rfm.empty_text")} />
            </Panel>
          ) : (
            <Shown rfm={answer} />
          )
        }
      </Answered>
    </>
  );
}

const SCORES = [1, 2, 3, 4, 5];

function Shown({ rfm }: { rfm: Rfm }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const labels = useLabels();
  const { event = USUAL.event, amount = USUAL.amount } = rfm.policy;
  const asked = Number(search.get("money"));
  const money = SCORES.includes(asked) ? asked : null;
  const change = (next: Record<string, string | null>) => {
    const parameters = new URLSearchParams(search);
    for (const [name, value] of Object.entries(next)) {
      if (value === null) parameters.delete(name);
      else parameters.set(name, value);
    }
    setSearch(parameters, { preventScrollReset: true });
  };
  return (
    <>
      <Panel
        title={t("rfm.grid")}
        lead={t("rfm.grid_lead", {
          event: labels.event(event),
          amount: labels.property(event, amount),
        })}
        testId="grid"
        actions={
          <Segments
            label={t("rfm.money")}
            value={money === null ? "" : String(money)}
            options={[
              { value: "", label: t("rfm.any_money") },
              ...SCORES.map((score) => ({
                value: String(score),
                label: t("rfm.money_score", { score }),
              })),
            ]}
            onChange={(value) => change({ money: value === "" ? null : value })}
          />
        }
      >
        <RfmGrid
          rfm={rfm}
          money={money}
          onOpen={(r, f) => change({ r: String(r), f: String(f), segment: null })}
        />
        {rfm.at !== null && (
          <p className={styles.as_of}>
            {t("question.as_of")} <Moment value={rfm.at} exact brief />
          </p>
        )}
      </Panel>
      <Picked rfm={rfm} money={money} onClose={() => change({ r: null, f: null, segment: null })} />
      <Panel title={t("rfm.segments")} lead={t("rfm.segments_lead")}>
        <RfmSegments
          segments={rfm.segments}
          addressOf={(segment) => {
            const parameters = new URLSearchParams(search);
            parameters.delete("r");
            parameters.delete("f");
            parameters.set("segment", segment);
            return `?${parameters}`;
          }}
        />
      </Panel>
    </>
  );
}

interface PickedProps {
  rfm: Rfm;
  money: number | null;
  onClose(): void;
}

// The people of the cell or the segment that was chosen.
function Picked({ rfm, money, onClose }: PickedProps) {
  const { t } = useTranslation();
  const said = useSaid();
  const [search] = useSearchParams();
  const segment = rfm.segments.find(({ key }) => key === search.get("segment"));
  const [r, f] = [Number(search.get("r")), Number(search.get("f"))];
  if (segment) {
    return (
      <PeoplePanel
        key={segment.key}
        title={said(segment.label)}
        whom={{ kind: "rfm", segment: segment.key }}
        rule={`rfm_segment = ${spelled(segment.key, true)}`}
        onClose={onClose}
      />
    );
  }
  if (!SCORES.includes(r) || !SCORES.includes(f)) return null;
  const whom: Whom = { kind: "rfm", r, f, ...(money === null ? {} : { m: money }) };
  const tests = [
    `rfm_recency = ${r}`,
    `rfm_frequency = ${f}`,
    ...(money === null ? [] : [`rfm_money = ${money}`]),
  ];
  return (
    <PeoplePanel
      key={`${r} ${f} ${money}`}
      title={money === null ? t("rfm.cell", { r, f }) : t("rfm.cell_money", { r, f, m: money })}
      whom={whom}
      rule={tests.join(" and ")}
      onClose={onClose}
    />
  );
}
