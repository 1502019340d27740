import { Input } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import type { Names } from "@/api/names";
import { labelAmong } from "@/text/label";
import { DurationField, LiteralField, NameChoice } from "./block_fields";
import { draftOfLiteral, firstLiteral, literalOf } from "./blocks";
import styles from "./blocks.module.css";
import { type AttributeTest, COMPARISONS, type Comparison } from "./tree";
import { newWindow, WindowField } from "./window_field";

const ORDERED = [">", ">=", "<", "<="] as const;
const MATCHES = ["contains", "starts_with", "ends_with"] as const;
type Test =
  | Comparison
  | (typeof MATCHES)[number]
  | "in"
  | "between"
  | "known"
  | "unknown"
  | "window"
  | "anniversary";

interface Props {
  test: AttributeTest;
  // Attributes of customers, or properties of an event.
  subjects: Names["attributes"];
  ofEvent: boolean;
  onChange(test: AttributeTest): void;
}

export function AttributeBlock({ test, subjects, ofEvent, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const type = subjects.find(({ name }) => name === test.name)?.type;
  const now = testOf(test);
  const offered = testsOf(type, ofEvent);
  return (
    <>
      <NameChoice
        label={ofEvent ? t("block.property") : t("block.attribute")}
        names={subjects.map(({ name }) => name)}
        value={test.name}
        labelOf={(name) => labelAmong(subjects, name, i18n.language)}
        onChange={(name) => onChange(renamed(test, name, subjects, ofEvent))}
      />
      <NameChoice
        label={t("block.test")}
        names={offered.includes(now) ? offered : [now, ...offered]}
        value={now}
        labelOf={(each) =>
          (COMPARISONS as readonly string[]).includes(each)
            ? t(`block.compared.${each as Comparison}`)
            : t(`block.tests.${each as Exclude<Test, Comparison>}`)
        }
        onChange={(next) => onChange(newTest(next as Test, test, type))}
      />
      <Against {...{ test, type, ofEvent, onChange }} />
    </>
  );
}

interface AgainstProps extends Pick<Props, "test" | "ofEvent" | "onChange"> {
  type: Schema["ValueType"] | undefined;
}

// What it is held against.
function Against({ test, type, ofEvent, onChange }: AgainstProps) {
  const { t } = useTranslation();
  switch (test.type) {
    case "compare":
      return (
        <LiteralField
          label={t("block.value")}
          type={type}
          value={test.value}
          onChange={(value) => onChange({ ...test, value })}
        />
      );
    case "between":
      return (
        <>
          <LiteralField
            label={t("block.from")}
            type={type}
            value={test.low}
            onChange={(low) => onChange({ ...test, low })}
          />
          <span>{t("block.up_to")}</span>
          <LiteralField
            label={t("block.to")}
            type={type}
            value={test.high}
            onChange={(high) => onChange({ ...test, high })}
          />
        </>
      );
    case "in":
      return (
        <Input.TextArea
          className={styles.values ?? ""}
          rows={Math.min(6, test.values.length + 1)}
          aria-label={t("block.values")}
          placeholder={t("block.one_a_line")}
          value={test.values.map(draftOfLiteral).join("\n")}
          onChange={(event) => {
            const lines = event.target.value.split("\n");
            const values = lines.map((line, index) => literalOf(line, type, test.values[index]));
            onChange({ ...test, values });
          }}
        />
      );
    case "match":
      return (
        <Input
          className={styles.value ?? ""}
          aria-label={t("block.value")}
          value={test.text}
          onChange={(event) => onChange({ ...test, text: event.target.value })}
        />
      );
    case "window":
      return (
        <WindowField
          value={test.window}
          of={ofEvent ? "property" : "value"}
          onChange={(window) => window && onChange({ ...test, window })}
        />
      );
    case "anniversary":
      return (
        <>
          <NameChoice
            label={t("block.anniversary")}
            names={["today", "next", "last"]}
            value={test.range}
            labelOf={(each) => t(`block.range.${each as "today" | "next" | "last"}`)}
            onChange={(next) => {
              const { duration = "7d", ...rest } = test;
              if (next === "today") onChange({ ...rest, range: "today" });
              else onChange({ ...rest, range: next as "next" | "last", duration });
            }}
          />
          {test.range !== "today" && (
            <DurationField
              label={t("block.long")}
              value={test.duration ?? "7d"}
              onChange={(duration) => onChange({ ...test, duration })}
            />
          )}
        </>
      );
    case "known":
      return null;
  }
}

function testOf(test: AttributeTest): Test {
  if (test.type === "compare") return test.comparison;
  if (test.type === "match") return test.match;
  if (test.type === "known") return test.known ? "known" : "unknown";
  return test.type;
}

// What can be asked of a value of this type.
function testsOf(type: Schema["ValueType"] | undefined, ofEvent: boolean): Test[] {
  const timed = type === "time" || type === "date";
  const equal: Test[] = ["=", "!="];
  const known: Test[] = ["known", "unknown"];
  if (type === "bool") return [...equal, ...known];
  if (type === "text_list") return [...equal, "in", ...known];
  if (type === "text") return [...equal, "in", ...MATCHES, ...known];
  if (!timed) return [...equal, ...ORDERED, "between", "in", ...known];
  const windows: Test[] = ofEvent ? ["window"] : ["window", "anniversary"];
  return [...windows, ...equal, ...ORDERED, "between", ...known];
}

function newTest(next: Test, test: AttributeTest, type: Schema["ValueType"] | undefined) {
  const { name } = test;
  const value = "value" in test ? test.value : firstLiteral(type);
  switch (next) {
    case "known":
    case "unknown":
      return { type: "known", name, known: next === "known" } as const;
    case "in":
      return { type: "in", name, values: [value] } as const satisfies AttributeTest;
    case "between":
      return { type: "between", name, low: value, high: value } as const;
    case "window":
      return { type: "window", name, window: newWindow("since") } as const;
    case "anniversary":
      return { type: "anniversary", name, range: "next", duration: "7d" } as const;
    case "contains":
    case "starts_with":
    case "ends_with":
      return { type: "match", name, match: next, text: draftOfLiteral(value) } as const;
    default:
      return { type: "compare", name, comparison: next, value } as const;
  }
}

// Another subject: the same test where its type allows it.
function renamed(
  test: AttributeTest,
  name: string,
  subjects: Names["attributes"],
  ofEvent: boolean,
): AttributeTest {
  const typeOf = (each: string) => subjects.find((subject) => subject.name === each)?.type;
  if (typeOf(name) === typeOf(test.name)) return { ...test, name };
  const tests = testsOf(typeOf(name), ofEvent);
  const kept = tests.includes(testOf(test)) ? testOf(test) : (tests[0] as Test);
  return newTest(kept, { type: "known", name, known: true }, typeOf(name));
}
