import { Button, Input } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "@/api/names";
import { Choice } from "@/components/choice";
import type { Part } from "./columns_table";
import { ColumnChoice, Conditions } from "./conditions";
import styles from "./imports.module.css";
import {
  changed,
  FORMATS,
  type MappedEvent,
  type MappedTime,
  type Mapping,
  newEvent,
  withMember,
} from "./mapping";

// Which event a row is: the first whose conditions hold; of orders every one.
export function Events({ draft, columns, onChange }: Part) {
  const { t } = useTranslation();
  const events = draft.events ?? [];
  const set = (next: MappedEvent[]) => onChange(withMember(draft, "events", next));
  const firstTime = events[0]?.time?.columns[0] ?? columns[0] ?? "";
  return (
    <>
      {draft.kind === "orders" && (
        <p className={styles.row}>
          <span>{t("imports.order_number")}</span>
          <ColumnChoice
            label={t("imports.order_number")}
            value={draft.order ?? ""}
            columns={columns}
            onChange={(order) => onChange(withMember(draft, "order", order))}
          />
        </p>
      )}
      <ol className={styles.events}>
        {events.map((event, index) => (
          <li key={index}>
            <EventFields
              kind={draft.kind}
              event={event}
              columns={columns}
              onChange={(next) => set(changed(events, index, next))}
            />
            {events.length > 1 && (
              <Button
                size="small"
                type="text"
                aria-label={`${t("imports.remove")} ${event.event ?? event.event_column ?? ""}`}
                onClick={() => set(changed(events, index, null))}
              >
                {t("imports.remove")}
              </Button>
            )}
          </li>
        ))}
      </ol>
      <Button size="small" onClick={() => set([...events, newEvent(firstTime)])}>
        {t("imports.add_event")}
      </Button>
    </>
  );
}

interface Props {
  kind: Mapping["kind"];
  event: MappedEvent;
  columns: readonly string[];
  onChange(next: MappedEvent): void;
}

function EventFields({ kind, event, columns, onChange }: Props) {
  const { t } = useTranslation();
  const time = event.time ?? { columns: [] };
  return (
    <div className={styles.event}>
      <EventName kind={kind} event={event} columns={columns} onChange={onChange} />
      <TimeFields
        label={t("imports.time")}
        time={time}
        columns={columns}
        onChange={(next) => onChange(withMember(event, "time", next ?? { columns: [] }))}
      />
      <div className={styles.row}>
        <span>{t("imports.amount")}</span>
        <ColumnChoice
          label={t("imports.amount")}
          value={event.amount ?? ""}
          columns={columns}
          none={t("imports.no_amount")}
          onChange={(amount) => onChange(withMember(event, "amount", amount))}
        />
      </div>
      <div className={styles.when}>
        <span>{t("imports.when")}</span>
        <Conditions
          conditions={event.when ?? []}
          columns={columns}
          onChange={(when) => onChange(withMember(event, "when", when))}
        />
      </div>
    </div>
  );
}

// A fixed name, or what a cell says.
function EventName({ kind, event, columns, onChange }: Props) {
  const { t } = useTranslation();
  const list = useId();
  const names = useNames()?.events ?? [];
  const fixed = event.event_column === undefined;
  const switchTo = (how: string) =>
    onChange(
      how === "fixed"
        ? { ...withMember(event, "event_column", undefined), event: event.event ?? "order_paid" }
        : { ...withMember(event, "event", undefined), event_column: columns[0] ?? "" },
    );
  return (
    <div className={styles.row}>
      <span>{t("imports.event_name")}</span>
      {kind === "events" && (
        <Choice
          aria-label={t("imports.event_how")}
          value={fixed ? "fixed" : "column"}
          options={[
            { value: "fixed", label: t("imports.event_fixed") },
            { value: "column", label: t("imports.event_of_column") },
          ]}
          onChange={switchTo}
        />
      )}
      {fixed ? (
        <>
          <Input
            list={list}
            autoComplete="off"
            aria-label={t("imports.event_name")}
            value={event.event ?? ""}
            onChange={({ target }) => onChange({ ...event, event: target.value })}
          />
          <datalist id={list}>
            {names.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      ) : (
        <ColumnChoice
          label={t("imports.event_of_column")}
          value={event.event_column ?? ""}
          columns={columns}
          onChange={(event_column) => onChange({ ...event, event_column })}
        />
      )}
    </div>
  );
}

interface TimeProps {
  label: string;
  time: MappedTime;
  columns: readonly string[];
  // There may be none.
  none?: string;
  onChange(next: MappedTime | null): void;
}

// The first of the columns that is not empty, and how it is written.
export function TimeFields({ label, time, columns, none, onChange }: TimeProps) {
  const { t } = useTranslation();
  const set = (index: number, column: string) => {
    const next = changed(time.columns, index, column === "" ? null : column);
    onChange(next.length === 0 ? null : { ...time, columns: next });
  };
  return (
    <div className={styles.row}>
      <span>{label}</span>
      {time.columns.length === 0 && (
        <ColumnChoice
          label={label}
          value=""
          columns={columns}
          none={none ?? t("imports.choose_column")}
          onChange={(column) => set(0, column)}
        />
      )}
      {time.columns.map((column, index) => (
        <ColumnChoice
          key={column}
          label={label}
          value={column}
          columns={columns}
          none={
            index === 0 && none === undefined ? t("imports.choose_column") : t("imports.no_column")
          }
          onChange={(next) => set(index, next)}
        />
      ))}
      {time.columns.length > 0 && time.columns.length < columns.length && (
        <ColumnChoice
          label={t("imports.otherwise")}
          value=""
          columns={columns.filter((column) => !time.columns.includes(column))}
          none={t("imports.otherwise")}
          onChange={(column) => set(time.columns.length, column)}
        />
      )}
      <Choice
        aria-label={`${label} ${t("imports.format_label")}`}
        value={time.format ?? "auto"}
        options={FORMATS.map((format) => ({
          value: format as string,
          label: t(`imports.format.${format}`),
        }))}
        onChange={(format) => onChange({ ...time, format: format as (typeof FORMATS)[number] })}
      />
    </div>
  );
}
