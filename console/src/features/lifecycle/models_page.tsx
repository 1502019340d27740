import { Button, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { Answered } from "@/components/answered";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { StageBar } from "@/components/stage_bar";
import { stageColours } from "@/components/stage_colour";
import { formatCount } from "@/text/number";
import { modelAddress } from "./address";
import { useModels } from "./asking";
import styles from "./lifecycle.module.css";
import type { ModelRow } from "./types";
import { useSaid } from "./use_said";

// The lifecycle models of the workspace, each with how many are in each stage now.
export default function ModelsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useMay("audiences.write");
  const models = useModels();
  const begin = () => void navigate("/lifecycle/new");
  return (
    <>
      <PageHead
        title={t("page.lifecycle")}
        lead={t("lifecycle.lead")}
        actions={
          mayWrite && (
            <Button type="primary" onClick={begin}>
              {t("lifecycle.new")}
            </Button>
          )
        }
      />
      <Answered query={models} rows={8}>
        {({ models: rows, at }) =>
          rows.length === 0 ? (
            <Panel>
              <EmptyState title={t("lifecycle.empty_title")} text={t("lifecycle.empty_text")}>
                {mayWrite && <Button onClick={begin}>{t("lifecycle.new")}</Button>}
              </EmptyState>
            </Panel>
          ) : (
            <ul className={styles.models} data-testid="models">
              {rows.map((row) => (
                <li key={row.key}>
                  <Row row={row} at={at} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </>
  );
}

function Row({ row, at }: { row: ModelRow; at: string }) {
  const { t, i18n } = useTranslation();
  const said = useSaid();
  const stages = row.stages.map(({ key, label, customers }) => ({
    key,
    label: said(label),
    customers: customers ?? 0,
  }));
  const colourOf = stageColours(stages.map(({ key }) => key));
  return (
    <article className={styles.model}>
      <header className={styles.model_head}>
        <h2 className={styles.model_title}>
          <Link to={modelAddress(row.key)}>{said(row.label)}</Link>
        </h2>
        <Marks row={row} />
      </header>
      <p className={styles.quiet}>{said(row.description)}</p>
      {row.active && <StageBar stages={stages} />}
      <ul className={styles.sizes}>
        {stages.map(({ key, label, customers }) => (
          <li key={key}>
            <i style={{ background: colourOf(key) }} />
            <Link to={`${modelAddress(row.key)}?stage=${encodeURIComponent(key)}#people`}>
              {label} {row.active && <b>{formatCount(customers, i18n.language)}</b>}
            </Link>
          </li>
        ))}
        {row.none !== null && (
          <li className={styles.outside}>
            {t("river.none")} {formatCount(row.none, i18n.language)}
          </li>
        )}
      </ul>
      {row.active ? (
        <p className={styles.as_of}>
          {t("question.as_of")} <Moment value={at} exact brief />
        </p>
      ) : (
        <p className={styles.as_of}>{t("lifecycle.not_counted")}</p>
      )}
    </article>
  );
}

// What is special about a model.
export function Marks({ row }: { row: Pick<ModelRow, "active" | "shipped"> }) {
  const { t } = useTranslation();
  return (
    <span>
      {row.shipped && <Tag>{t("lifecycle.shipped")}</Tag>}
      {!row.active && <Tag>{t("lifecycle.inactive")}</Tag>}
    </span>
  );
}
