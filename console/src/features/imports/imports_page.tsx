import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { type Column, DataTable } from "@/components/data_table";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { importAddress, uploadAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { type Import, useDrop, useImports, useUploads } from "./asking";
import { FileDrop } from "./file_drop";
import styles from "./imports.module.css";

// A new import begins here; those begun and those done are below.
export function ImportsPage() {
  const { t } = useTranslation();
  const mayWrite = useMay("imports.write");
  return (
    <>
      <PageHead title={t("page.imports")} lead={t("imports.lead")} />
      {mayWrite && (
        <Panel title={t("imports.new")}>
          <FileDrop />
        </Panel>
      )}
      {mayWrite && <Unfinished />}
      <Panel title={t("imports.all")}>
        <Done />
      </Panel>
    </>
  );
}

function Unfinished() {
  const { t } = useTranslation();
  const uploads = useUploads(true);
  const drop = useDrop();
  const open = (uploads.data?.uploads ?? []).filter(({ state }) => state !== "done");
  if (open.length === 0) return null;
  return (
    <Panel title={t("imports.unfinished")} lead={t("imports.unfinished_lead")}>
      <DataTable
        label={t("imports.unfinished")}
        columns={[
          {
            key: "file",
            title: t("imports.file"),
            render: ({ id, file }) => (
              <Link to={uploadAddress(id)}>{file || t("imports.unnamed")}</Link>
            ),
          },
          { key: "at", title: t("imports.sent"), render: ({ at }) => <Moment value={at} /> },
          {
            key: "state",
            title: t("imports.state"),
            render: ({ state }) => t(`imports.upload_state.${state}`),
          },
          {
            key: "drop",
            title: "",
            render: ({ id, file, state }) =>
              state !== "importing" && (
                <ConfirmButton
                  label={t("imports.drop_file")}
                  sentence={t("imports.drop_sentence", { file })}
                  onConfirm={() => drop.mutateAsync(id)}
                />
              ),
          },
        ]}
        rows={open}
        keyOf={({ id }) => id}
        empty=""
      />
    </Panel>
  );
}

function Done() {
  const { t, i18n } = useTranslation();
  const imports = useImports();
  const count = (value: number) => formatCount(value, i18n.language);
  const columns: Column<Import>[] = [
    {
      key: "file",
      title: t("imports.file"),
      render: ({ id, file, kind }) => (
        <Link to={importAddress(id)}>
          {file || (kind.startsWith("bulk") ? t(`import.kind.${kind}`) : t("imports.unnamed"))}
        </Link>
      ),
    },
    { key: "at", title: t("imports.at"), render: ({ at }) => <Moment value={at} /> },
    { key: "kind", title: t("imports.kind"), render: ({ kind }) => t(`import.kind.${kind}`) },
    {
      key: "rows",
      title: t("imports.rows"),
      figures: true,
      render: ({ rows_read }) => count(rows_read),
    },
    {
      key: "written",
      title: t("imports.written"),
      figures: true,
      render: ({ rows_imported }) => count(rows_imported),
    },
    {
      key: "repeated",
      title: t("imports.repeated"),
      figures: true,
      render: ({ rows_repeated }) => count(rows_repeated),
    },
    {
      key: "left_out",
      title: t("imports.left_out"),
      figures: true,
      render: ({ rows_left_out }) => count(rows_left_out),
    },
    { key: "by", title: t("imports.by"), render: ({ by }) => by },
    { key: "state", title: t("imports.state"), render: ({ state }) => t(`import.state.${state}`) },
  ];
  return (
    <Answered query={imports} rows={8}>
      {({ pages }) => (
        <>
          <DataTable
            label={t("imports.all")}
            columns={columns}
            rows={pages.flatMap(({ imports: some }) => some)}
            keyOf={({ id }) => id}
            empty={<EmptyState title={t("imports.empty_title")} text={t("imports.empty_text")} />}
          />
          {imports.hasNextPage && (
            <div className={styles.more}>
              <Button
                loading={imports.isFetchingNextPage}
                onClick={() => void imports.fetchNextPage()}
              >
                {t("imports.more")}
              </Button>
            </div>
          )}
        </>
      )}
    </Answered>
  );
}
