import { useTranslation } from "react-i18next";
import { Answered } from "@/components/answered";
import { Panel } from "@/components/panel";
import { Scrolled } from "@/components/scrolled";
import { Segments } from "@/components/segments";
import { StackChart } from "@/components/stack_chart";
import { formatCount } from "@/text/number";
import { usePulse } from "./asking";
import styles from "./lifecycle.module.css";
import type { Model, PulseDay } from "./types";
import { useSaid } from "./use_said";

export const PULSE_DAYS = [14, 30, 90];

interface Props {
  model: Model;
  days: number;
  onDays(days: number): void;
  // A day is opened: what has flowed since it began.
  onDay(day: string): void;
}

// The size of every stage at each midnight, and today so far.
export function Pulse({ model, days, onDays, onDay }: Props) {
  const { t } = useTranslation();
  const said = useSaid();
  const pulse = usePulse(model, days);
  const parts = model.stages.map(({ key, label }) => ({ key, label: said(label) }));
  return (
    <Panel
      title={t("lifecycle.pulse")}
      lead={t("lifecycle.pulse_lead")}
      testId="pulse"
      actions={
        <Segments
          label={t("lifecycle.pulse_days")}
          value={String(days)}
          options={PULSE_DAYS.map((each) => ({
            value: String(each),
            label: t("lifecycle.last_days", { count: each }),
          }))}
          onChange={(value) => onDays(Number(value))}
        />
      }
    >
      <Answered query={pulse} rows={7}>
        {({ days: rows }) => (
          <>
            <StackChart
              label={t("lifecycle.pulse_of", { model: said(model.label), count: days })}
              unit={t("home.unit")}
              parts={parts}
              stacks={rows.map((row, index) => ({
                label: row.day,
                values: parts.map(({ key }) => sizeIn(row, key)),
                unfinished: index === rows.length - 1,
              }))}
              unfinished={t("home.so_far")}
              onOpen={(index) => {
                const day = rows[index]?.day;
                if (day !== undefined) onDay(day);
              }}
            />
            <Table rows={rows} parts={parts} />
          </>
        )}
      </Answered>
    </Panel>
  );
}

const sizeIn = (row: PulseDay, stage: string) =>
  row.stages.find(({ key }) => key === stage)?.customers ?? 0;

interface TableProps {
  rows: readonly PulseDay[];
  parts: readonly { key: string; label: string }[];
}

function Table({ rows, parts }: TableProps) {
  const { t, i18n } = useTranslation();
  const figure = (value: number) => formatCount(value, i18n.language);
  return (
    <details className={styles.details}>
      <summary>{t("home.as_table")}</summary>
      <Scrolled label={t("home.as_table")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("home.day")}</th>
              {parts.map(({ key, label }) => (
                <th key={key} scope="col">
                  {label}
                </th>
              ))}
              <th scope="col">{t("river.none")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.toReversed().map((row, index) => (
              <tr key={row.day}>
                <th scope="row">
                  {row.day} {index === 0 && t("home.so_far")}
                </th>
                {parts.map(({ key }) => (
                  <td key={key}>{figure(sizeIn(row, key))}</td>
                ))}
                <td>{figure(row.none)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </details>
  );
}
