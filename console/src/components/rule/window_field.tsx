import { useTranslation } from "react-i18next";
import { dayFromNow } from "@/text/days";
import { CountField, DurationField, LiteralField, NameChoice } from "./block_fields";
import { firstLiteral } from "./blocks";
import styles from "./blocks.module.css";
import { UNITS, type Unit, type Window } from "./tree";

const PAST = [
  "in_last",
  "in_this",
  "in_previous",
  "today",
  "yesterday",
  "between",
  "before",
  "since",
  "from_to_ago",
] as const;
type WindowType = Window["type"];

// Of a moment: `between` is a test of its own there.
const OF_VALUES: readonly WindowType[] = ["in_next", ...PAST.filter((each) => each !== "between")];
const FIXED: readonly WindowType[] = ["before", "since"];

interface Props {
  value: Window | undefined;
  // event: or none at all; value: of an attribute, ahead too; property: fixed moments only.
  of: "event" | "value" | "property";
  onChange(value: Window | undefined): void;
}

export function WindowField({ value, of, onChange }: Props) {
  const { t } = useTranslation();
  const types = of === "event" ? PAST : of === "value" ? OF_VALUES : FIXED;
  const names = of === "event" ? ["", ...types] : types;
  return (
    <span className={styles.joined}>
      <NameChoice
        label={t("block.window")}
        names={names}
        value={value?.type ?? ""}
        labelOf={(each) =>
          each === "" ? t("block.any_time") : t(`block.windows.${each as WindowType}`)
        }
        onChange={(next) => onChange(next === "" ? undefined : newWindow(next as WindowType))}
      />
      {value && <Details value={value} onChange={onChange} />}
    </span>
  );
}

function Details({ value, onChange }: { value: Window; onChange(value: Window): void }) {
  const { t } = useTranslation();
  switch (value.type) {
    case "in_last":
    case "in_next":
      return (
        <DurationField
          label={t("block.long")}
          value={value.duration}
          onChange={(duration) => onChange({ ...value, duration })}
        />
      );
    case "in_this":
      return <UnitChoice value={value.unit} onChange={(unit) => onChange({ ...value, unit })} />;
    case "in_previous":
      return (
        <>
          <CountField
            label={t("block.many")}
            value={value.count}
            onChange={(count) => onChange({ ...value, count })}
          />
          <UnitChoice value={value.unit} onChange={(unit) => onChange({ ...value, unit })} />
        </>
      );
    case "between":
      return (
        <>
          <LiteralField
            label={t("block.from")}
            type="time"
            value={value.from}
            onChange={(from) => onChange({ ...value, from })}
          />
          <span>{t("block.up_to")}</span>
          <LiteralField
            label={t("block.to")}
            type="time"
            value={value.to}
            onChange={(to) => onChange({ ...value, to })}
          />
        </>
      );
    case "before":
    case "since":
      return (
        <LiteralField
          label={t("block.moment")}
          type="time"
          value={value.moment}
          onChange={(moment) => onChange({ ...value, moment })}
        />
      );
    case "from_to_ago":
      return (
        <>
          <DurationField
            label={t("block.from")}
            value={value.from}
            onChange={(from) => onChange({ ...value, from })}
          />
          <span>{t("block.up_to")}</span>
          <DurationField
            label={t("block.to")}
            value={value.to}
            onChange={(to) => onChange({ ...value, to })}
          />
        </>
      );
    default:
      return null;
  }
}

function UnitChoice({ value, onChange }: { value: Unit; onChange(value: Unit): void }) {
  const { t } = useTranslation();
  return (
    <NameChoice
      label={t("block.time_unit")}
      names={UNITS}
      value={value}
      labelOf={(each) => t(`block.unit.${each as Unit}`)}
      onChange={(next) => onChange(next as Unit)}
    />
  );
}

export function newWindow(type: WindowType): Window {
  switch (type) {
    case "in_last":
    case "in_next":
      return { type, duration: "30d" };
    case "in_this":
      return { type, unit: "month" };
    case "in_previous":
      return { type, count: 1, unit: "month" };
    case "between":
      return { type, from: firstLiteral("date"), to: { date: dayFromNow(1) } };
    case "before":
    case "since":
      return { type, moment: firstLiteral("date") };
    case "from_to_ago":
      return { type, from: "60d", to: "30d" };
    default:
      return { type };
  }
}
