import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Choice } from "@/components/choice";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { uploadAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { type Upload, useSend } from "./asking";
import styles from "./imports.module.css";
import { fileOf, keepFile } from "./kept_file";

const RECOGNISED = [
  "youzan_customers",
  "youzan_orders",
  "scrm_import_customer",
  "scrm_add_friend",
] as const;
const KIBIBYTE = 1024;

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
      </p>
      {(upload.sheets?.length ?? 0) > 1 && <Sheets upload={upload} />}
    </Panel>
  );
}

// Another sheet is another look at the same file: sent again with its name.
function Sheets({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const send = useSend();
  const file = fileOf(upload.id);
  const sheets = upload.sheets ?? [];
  const mark = ({ hidden = false, empty = false }: (typeof sheets)[number]) =>
    `${hidden ? t("imports.sheet_hidden") : ""}${empty ? t("imports.sheet_empty") : ""}`;
  const look = (sheet: string) => {
    if (file === null || sheet === "") return;
    send.mutate(
      { file, sheet },
      {
        onSuccess: ({ id }) => {
          keepFile(id, file);
          void navigate(uploadAddress(id), { replace: true });
        },
      },
    );
  };
  return (
    <div className={styles.sheets}>
      <p>
        {t("imports.sheets", {
          names: sheets.map((sheet) => `${sheet.name}${mark(sheet)}`).join(t("imports.between")),
        })}
      </p>
      {file === null ? (
        <p className={styles.hint}>{t("imports.sheet_send_again")}</p>
      ) : (
        <Choice
          aria-label={t("imports.other_sheet")}
          value=""
          disabled={send.isPending}
          options={[
            { value: "", label: t("imports.other_sheet") },
            ...sheets
              .filter(({ empty }) => !empty)
              .map((sheet) => ({
                value: sheet.name ?? "",
                label: `${sheet.name}${mark(sheet)}`,
              })),
          ]}
          onChange={look}
        />
      )}
      {send.isError && <ProblemAlert error={send.error} />}
    </div>
  );
}
