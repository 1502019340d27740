import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import type { Names } from "@/api/names";
import { labelAmong } from "@/text/label";
import {
  ComparisonChoice,
  CountField,
  DurationField,
  LiteralField,
  NameChoice,
} from "./block_fields";
import { firstLiteral, newAttributeTest } from "./blocks";
import styles from "./blocks.module.css";
import { present } from "./present";
import { FilterBlock } from "./rule_block";
import {
  AGGREGATES,
  type Aggregate,
  type Did,
  type FirstLast,
  type Measure,
  type RuleNode,
  type Sequence,
  type Step,
  type Then,
} from "./tree";
import { WindowField } from "./window_field";

// Every event has these beside its own.
const OF_EVERY_EVENT: Names["attributes"] = [
  ofEveryEvent("source", "text"),
  ofEveryEvent("local_hour", "int"),
  ofEveryEvent("local_weekday", "int"),
];

function ofEveryEvent(name: string, type: Schema["ValueType"]): Names["attributes"][number] {
  return { name, type, label_zh: "", label_en: "", personal: false };
}

function propertiesOf(names: Names, event: string): Names["attributes"] {
  const own = names.events.find(({ name }) => name === event)?.properties ?? [];
  return [...own, ...OF_EVERY_EVENT];
}

interface StepProps<S extends Step> {
  step: S;
  names: Names;
  onChange(step: S): void;
}

function EventChoice<S extends Step>({ step, names, onChange }: StepProps<S>) {
  const { t, i18n } = useTranslation();
  return (
    <NameChoice
      label={t("block.event")}
      names={names.events.map(({ name }) => name)}
      value={step.event}
      labelOf={(name) => labelAmong(names.events, name, i18n.language)}
      onChange={(event) => onChange({ ...step, event })}
    />
  );
}

// "where (…)" of a step.
function Where<S extends Step>({ step, names, onChange }: StepProps<S>) {
  const { t } = useTranslation();
  const subjects = propertiesOf(names, step.event);
  const set = (where: RuleNode | null) => {
    const { where: _, ...rest } = step;
    onChange((where === null ? rest : { ...rest, where }) as S);
  };
  return (
    <Filter
      title={t("block.where")}
      add={t("block.add_where")}
      filter={step.where}
      {...{ subjects, names }}
      onChange={set}
    />
  );
}

interface FilterProps {
  title: string;
  add: string;
  filter: RuleNode | undefined;
  subjects: Names["attributes"];
  names: Names;
  onChange(filter: RuleNode | null): void;
}

function Filter({ title, add, filter, subjects, names, onChange }: FilterProps) {
  if (!filter) {
    return (
      <button
        type="button"
        className={styles.more}
        onClick={() => onChange(newAttributeTest(subjects))}
      >
        {add}
      </button>
    );
  }
  return (
    <fieldset className={styles.filter}>
      <legend>{title}</legend>
      <FilterBlock {...{ subjects, names }} block={filter} onChange={onChange} />
    </fieldset>
  );
}

export function DidBlock({ step, names, onChange }: StepProps<Did>) {
  const { t } = useTranslation();
  const set = (changed: { measure?: Measure | undefined; window?: Did["window"] }) => {
    const { measure, window, ...rest } = { ...step, ...changed };
    onChange({ ...rest, ...present({ measure, window }) });
  };
  return (
    <>
      <EventChoice {...{ step, names, onChange }} />
      {!step.not && (
        <MeasureField
          measure={step.measure}
          properties={propertiesOf(names, step.event)}
          onChange={(measure) => set({ measure })}
        />
      )}
      <WindowField value={step.window} of="event" onChange={(window) => set({ window })} />
      <span className={styles.also}>
        <Where {...{ step, names, onChange }} />
      </span>
      <span className="for-readers">{step.not ? t("block.kind.did_not") : ""}</span>
    </>
  );
}

export function FirstLastBlock({ step, names, onChange }: StepProps<FirstLast>) {
  const { t } = useTranslation();
  const { window, with: filter, ...rest } = step;
  return (
    <>
      <EventChoice {...{ step, names, onChange }} />
      <WindowField
        value={window}
        of="event"
        onChange={(next) => onChange({ ...rest, ...present({ with: filter, window: next }) })}
      />
      <span className={styles.also}>
        <Where {...{ step, names, onChange }} />
        <Filter
          title={t("block.with")}
          add={t("block.add_with")}
          filter={filter}
          subjects={propertiesOf(names, step.event)}
          names={names}
          onChange={(next) =>
            onChange({ ...rest, ...present({ with: next ?? undefined, window }) })
          }
        />
      </span>
    </>
  );
}

const MEASURES = ["", "times", "days", ...AGGREGATES] as const;

interface MeasureProps {
  measure: Measure | undefined;
  properties: Names["attributes"];
  onChange(measure: Measure | undefined): void;
}

function MeasureField({ measure, properties, onChange }: MeasureProps) {
  const { t, i18n } = useTranslation();
  const choose = (type: string) => onChange(newMeasure(type, properties));
  return (
    <span className={styles.joined}>
      <NameChoice
        label={t("block.measure")}
        names={MEASURES}
        value={measure?.type ?? ""}
        labelOf={(each) =>
          each === "" ? t("block.at_least_once") : t(`block.measures.${each as Measure["type"]}`)
        }
        onChange={choose}
      />
      {measure && "property" in measure && (
        <NameChoice
          label={t("block.property")}
          names={properties.map(({ name }) => name)}
          value={measure.property}
          labelOf={(name) => labelAmong(properties, name, i18n.language)}
          onChange={(property) => onChange({ ...measure, property })}
        />
      )}
      {measure && (
        <ComparisonChoice
          value={measure.comparison}
          onChange={(comparison) => onChange({ ...measure, comparison })}
        />
      )}
      {measure?.type === "times" && (
        <CountField
          label={t("block.many")}
          value={measure.times}
          onChange={(times) => onChange({ ...measure, times })}
        />
      )}
      {measure?.type === "days" && (
        <CountField
          label={t("block.many")}
          value={measure.days}
          onChange={(days) => onChange({ ...measure, days })}
        />
      )}
      {measure && "property" in measure && (
        <LiteralField
          label={t("block.value")}
          type={
            measure.type === "min" || measure.type === "max"
              ? properties.find(({ name }) => name === measure.property)?.type
              : "decimal"
          }
          value={measure.value}
          onChange={(value) => onChange({ ...measure, value })}
        />
      )}
    </span>
  );
}

function newMeasure(type: string, properties: Names["attributes"]): Measure | undefined {
  if (type === "") return undefined;
  if (type === "times") return { type, comparison: ">=", times: 2 };
  if (type === "days") return { type, comparison: ">=", days: 2 };
  const number = properties.find((each) => ["money", "decimal", "int"].includes(each.type));
  const first = type === "distinct" ? properties[0] : (number ?? properties[0]);
  return {
    type: type as Aggregate,
    property: first?.name ?? "",
    comparison: ">=",
    value: type === "distinct" ? { number: "2" } : firstLiteral(first?.type),
  };
}

interface SequenceProps {
  sequence: Sequence;
  names: Names;
  onChange(sequence: Sequence): void;
}

export function SequenceBlock({ sequence, names, onChange }: SequenceProps) {
  const { t } = useTranslation();
  const { steps, then_not, window, ...rest } = sequence;
  const set = (changed: Partial<Sequence>) => {
    onChange({ ...rest, steps, ...present({ then_not, window }), ...changed });
  };
  const without = (index: number) => steps.filter((_, each) => each !== index);
  const event = steps.at(-1)?.event ?? "";
  const last = steps.length + (then_not ? 1 : 0) <= 2;
  return (
    <div className={styles.sequence}>
      {steps.map((step, index) => (
        <ThenField
          key={index}
          title={index === 0 ? t("block.step_first") : t("block.step_then")}
          {...{ step, names }}
          first={index === 0}
          {...(index === 0 || last ? {} : { onRemove: () => set({ steps: without(index) }) })}
          onChange={(next) => set({ steps: steps.with(index, next) })}
        />
      ))}
      {then_not && (
        <ThenField
          title={t("block.step_then_not")}
          step={then_not}
          names={names}
          must
          {...(last
            ? {}
            : { onRemove: () => onChange({ ...rest, steps, ...present({ window }) }) })}
          onChange={(next) => set({ then_not: next })}
        />
      )}
      <div className={styles.line}>
        <button
          type="button"
          className={styles.more}
          onClick={() => set({ steps: [...steps, { event, within: "7d" }] })}
        >
          {t("block.add_step")}
        </button>
        {!then_not && (
          <button
            type="button"
            className={styles.more}
            onClick={() => set({ then_not: { event, within: "24h" } })}
          >
            {t("block.add_then_not")}
          </button>
        )}
      </div>
      <div className={styles.line}>
        <span>{t("block.all_of_it")}</span>
        <WindowField
          value={window}
          of="event"
          onChange={(next) => onChange({ ...rest, steps, ...present({ then_not, window: next }) })}
        />
      </div>
    </div>
  );
}

interface ThenProps extends StepProps<Then> {
  title: string;
  first?: boolean;
  // Its `within` has to be there.
  must?: boolean;
  onRemove?: () => void;
}

function ThenField({
  title,
  step,
  names,
  first = false,
  must = false,
  onRemove,
  onChange,
}: ThenProps) {
  const { t, i18n } = useTranslation();
  const { within, same, ...rest } = step;
  const set = (changed: { within?: string | undefined; same?: string | undefined }) =>
    onChange({ ...rest, ...present({ within, same, ...changed }) });
  return (
    <div className={styles.line}>
      <span className={styles.step}>{title}</span>
      <EventChoice {...{ step, names, onChange }} />
      {!first && !must && (
        <NameChoice
          label={t("block.within")}
          names={["any", "within"]}
          value={within === undefined ? "any" : "within"}
          labelOf={(each) => t(each === "any" ? "block.any_gap" : "block.within")}
          onChange={(next) => set({ within: next === "any" ? undefined : "7d" })}
        />
      )}
      {must && <span>{t("block.within")}</span>}
      {within !== undefined && (
        <DurationField
          label={t("block.within")}
          value={within}
          onChange={(next) => set({ within: next })}
        />
      )}
      {!first && (
        <NameChoice
          label={t("block.same")}
          names={["", ...propertiesOf(names, step.event).map(({ name }) => name)]}
          value={same ?? ""}
          labelOf={(each) =>
            each === ""
              ? t("block.any_same")
              : t("block.same_of", {
                  property: labelAmong(propertiesOf(names, step.event), each, i18n.language),
                })
          }
          onChange={(next) => set({ same: next === "" ? undefined : next })}
        />
      )}
      {onRemove && (
        <button type="button" className={styles.more} onClick={onRemove}>
          {t("block.remove")}
        </button>
      )}
      <Where {...{ step, names, onChange }} />
    </div>
  );
}
