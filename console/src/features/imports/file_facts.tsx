import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { formatCount } from "@/text/number";
import { type Upload, useSheetChange } from "./asking";
import styles from "./imports.module.css";
import { SheetNotes } from "./sheet_notes";

const RECOGNISED = [
  "youzan_customers",
  "youzan_orders",
  "scrm_import_customer",
  "scrm_add_friend",
] as const;
const KIBIBYTE = 1024;
const DELIMITERS: Record<string, "comma" | "tab" | "semicolon"> = {
  ",": "comma",
  "\t": "tab",
  ";": "semicolon",
};

// What the program takes the file for.
export function FileFacts({ upload }: { upload: Upload }) {
  const { t, i18n } = useTranslation();
  const known = RECOGNISED.find((each) => each === upload.recognised);
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <Panel title={t("imports.looked_at")}>
      <Alert
        type={known ? "success" : "info"}
        showIcon
        title={t(known ? `imports.recognised.${known}` : "imports.recognised.any")}
      />
      <p className={styles.about} data-testid="facts">
        {t("imports.facts", {
          form: t(`imports.form.${upload.form ?? "csv"}`),
          size: count(Math.ceil((upload.bytes ?? 0) / KIBIBYTE)),
          rows: count(upload.rows ?? 0),
          columns: count(upload.columns?.length ?? 0),
        })}
        {upload.encoding &&
          t("imports.read_as_text", {
            encoding: upload.encoding,
            delimiter: t(`imports.delimiter.${DELIMITERS[upload.delimiter ?? ","] ?? "comma"}`),
          })}
      </p>
      {(upload.sheets?.length ?? 0) > 1 && <Sheets upload={upload} />}
      {upload.notes && <SheetNotes notes={upload.notes} hidden={isHidden(upload)} />}
    </Panel>
  );
}

const isHidden = ({ sheet, sheets = [] }: Upload) =>
  sheets.some(({ name, hidden }) => name === sheet && hidden === true);

// Another sheet is another table, with settings of its own.
function Sheets({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const change = useSheetChange(upload.id);
  const sheets = upload.sheets ?? [];
  const mark = ({ hidden = false, empty = false }: (typeof sheets)[number]) =>
    `${hidden ? t("imports.sheet_hidden") : ""}${empty ? t("imports.sheet_empty") : ""}`;
  return (
    <div className={styles.sheets}>
      <Choice
        aria-label={t("imports.sheet")}
        value={upload.sheet ?? ""}
        disabled={change.isPending}
        options={sheets.map((sheet) => ({
          value: sheet.name ?? "",
          label: `${sheet.name}${mark(sheet)}`,
        }))}
        onChange={(sheet) => change.mutate(sheet)}
      />
      {change.isError && <ProblemAlert error={change.error} />}
    </div>
  );
}
