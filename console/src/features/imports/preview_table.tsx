import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { formatCount } from "@/text/number";
import { VALUE_TYPES } from "@/text/value";
import type { Preview, Upload } from "./asking";
import styles from "./imports.module.css";
import { LeftOutTable } from "./report";

interface Props {
  upload: Upload;
  // What is shown is of an earlier draft.
  pending: boolean;
  // The draft could not be read.
  problem: unknown;
}

// The first rows as they will be, and what is wrong in the whole file.
export function PreviewTable({ upload, pending, problem }: Props) {
  const { t } = useTranslation();
  const problems = upload.problems ?? [];
  const preview = upload.preview ?? null;
  return (
    <Panel title={t("imports.preview")} lead={t("imports.preview_lead")}>
      <div aria-busy={pending} className={styles.preview} data-pending={pending}>
        <span role="status" className={styles.hint}>
          {pending ? t("imports.looking") : ""}
        </span>
        {problem !== null && <ProblemAlert error={problem} />}
        {problems.length > 0 && (
          <ul className={styles.problems} data-testid="problems">
            {problems.map(({ code, subject, detail }) => (
              <li key={`${code} ${subject}`}>
                <Alert type="warning" showIcon title={detail} />
              </li>
            ))}
          </ul>
        )}
        {preview && <Rows preview={preview} />}
      </div>
    </Panel>
  );
}

function Rows({ preview }: { preview: Preview }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  // Columns that are empty in every row shown only take room.
  const shown = preview.columns
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => preview.rows.some(({ fields }) => fields[index]));
  return (
    <>
      <p data-testid="made">
        {t("imports.made", { rows: count(preview.rows_of_file), made: count(preview.made) })}
        {preview.rows_left_by_rule > 0 &&
          ` ${t("imports.left_by_rule", { count: preview.rows_left_by_rule })}`}
        <span className={styles.hint}>{t("imports.made_hint")}</span>
      </p>
      <section
        className={styles.scroll}
        aria-label={t("imports.first_rows")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys.
        tabIndex={0}
      >
        <table className={styles.rows}>
          <thead>
            <tr>
              <th scope="col">{t("imports.line")}</th>
              {shown.map(({ name, index }) => (
                <th key={index} scope="col">
                  <ColumnHead name={name} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map(({ line, fields }, row) => (
              <tr key={row}>
                <td>{line}</td>
                {shown.map(({ index }) => (
                  <td key={index}>{fields[index]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <LeftOutTable
        label={t("imports.left_out_rows")}
        rows={preview.unusable}
        total={preview.unusable_count}
      />
      <LeftOutTable
        label={t("imports.left_out_values")}
        rows={preview.values_left_out}
        total={preview.values_left_out_count}
      />
      <LeftOutTable
        label={t("imports.other_persons")}
        rows={preview.other_persons}
        total={preview.other_persons_count}
      />
    </>
  );
}

const OWN = ["customer", "customer_kind", "since", "event", "time", "key"] as const;
const MARKS = ["identity", "tags", "consent"] as const;

// The importers' names: "name:type", "phone:identity".
function ColumnHead({ name }: { name: string }) {
  const { t } = useTranslation();
  const own = OWN.find((each) => each === name);
  if (own) return t(`imports.head.${own}`);
  const at = name.lastIndexOf(":");
  const [before, mark] = [name.slice(0, at), name.slice(at + 1)];
  const type = VALUE_TYPES.find((each) => each === mark);
  const use = MARKS.find((each) => each === mark);
  if (at < 0 || !(type || use)) return name;
  return (
    <>
      {before}{" "}
      <span className={styles.hint}>
        {type ? t(`value_type.${type}`) : use && t(`imports.use.${use}`)}
      </span>
    </>
  );
}
