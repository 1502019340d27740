import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ProblemError, problemOf } from "@/api/problem";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { EmptyState } from "@/components/empty_state";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { importAddress } from "@/text/address";
import { type Upload, useDrop, useUpload } from "./asking";
import { FileFacts } from "./file_facts";
import { Going } from "./going";
import styles from "./imports.module.css";
import { MappingPage } from "./mapping_page";
import { Counts, WholeReport } from "./report";

const IMPORTS = "/customers/import";

// A file that was sent, from its first look to its report. Its address finds it again.
export function UploadPage({ id }: { id: number }) {
  const { t } = useTranslation();
  const upload = useUpload(id);
  if (upload.isError && problemOf(upload.error).status === 404) {
    return (
      <>
        <PageHead title={t("page.upload")} />
        <EmptyState title={t("imports.upload_gone_title")} text={t("imports.upload_gone_text")}>
          <Link to={IMPORTS}>{t("imports.new")}</Link>
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHead
        title={upload.data?.file || t("page.upload")}
        actions={
          <>
            <Link to={IMPORTS}>{t("page.imports")}</Link>
            {upload.data && <Drop upload={upload.data} />}
          </>
        }
      />
      <Answered query={upload} rows={8}>
        {(data) => <Opened upload={data} />}
      </Answered>
    </>
  );
}

function Drop({ upload: { id, file, state } }: { upload: Upload }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const drop = useDrop();
  if (state !== "ready" && state !== "failed") return null;
  return (
    <ConfirmButton
      label={t("imports.drop_file")}
      sentence={t("imports.drop_sentence", { file })}
      onConfirm={async () => {
        await drop.mutateAsync(id);
        await navigate(IMPORTS);
      }}
    />
  );
}

function Opened({ upload }: { upload: Upload }) {
  if (upload.state === "importing") return <Going upload={upload} />;
  if (upload.state === "done") return <Done upload={upload} />;
  return (
    <>
      {upload.fault !== null && <Fault code={upload.fault} />}
      <FileFacts upload={upload} />
      {upload.report && <Tried upload={upload} />}
      {upload.mapping && (
        <MappingPage key={upload.sheet} upload={upload} mapping={upload.mapping} />
      )}
    </>
  );
}

// The import ended by itself: only its code is told.
function Fault({ code }: { code: string }) {
  const { t } = useTranslation();
  return (
    <div className={styles.alert}>
      <ProblemAlert
        error={new ProblemError({ code, status: 422, detail: t("imports.failed", { code }) })}
      />
    </div>
  );
}

// What a dry run said.
function Tried({ upload: { report } }: { upload: Upload }) {
  const { t } = useTranslation();
  if (report === null) return null;
  return (
    <Panel title={t("imports.tried")} lead={t("imports.tried_lead")}>
      <Counts report={report} />
      <WholeReport report={report} />
    </Panel>
  );
}

function Done({ upload: { report } }: { upload: Upload }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (report === null) return null;
  return (
    <Panel title={t("imports.done")}>
      {!report.stop_asked && (
        <Alert type="success" showIcon role="status" title={t("imports.done_lead")} />
      )}
      <Counts report={report} />
      <WholeReport report={report} />
      <div className={styles.actions}>
        <Button type="primary" onClick={() => void navigate("/customers")}>
          {t("imports.see_customers")}
        </Button>
        <Link to={importAddress(report.id)}>{t("imports.open_import")}</Link>
        <Link to={IMPORTS}>{t("imports.another")}</Link>
      </div>
    </Panel>
  );
}
