import { useTranslation } from "react-i18next";
import { useActorName } from "@/components/actor_name";
import { ConfirmButton } from "@/components/confirm_button";
import { DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { useMay } from "@/components/permissions";
import { RuleSentence } from "@/components/rule/rule_sentence";
import { useSaveModel } from "./asking";
import styles from "./lifecycle.module.css";
import type { Model, NewStage, Said } from "./types";
import { useSaid } from "./use_said";

type Version = Model["versions"][number];

// What a version holds, as it was kept.
interface Content {
  label: Said;
  description: Said;
  stages: (NewStage & { label: Said; rule: string })[];
}
const contentOf = (version: Version) => version.content as unknown as Content;

// Every version the model has had, with its stages; an older one can come back.
export function Versions({ model }: { model: Model }) {
  const { t } = useTranslation();
  const said = useSaid();
  const actorName = useActorName();
  const mayWrite = useMay("audiences.write");
  return (
    <DataTable
      label={t("audience.versions")}
      rows={model.versions}
      keyOf={({ version }) => version}
      empty=""
      columns={[
        { key: "version", title: t("audience.version"), render: ({ version }) => version },
        {
          key: "stages",
          title: t("lifecycle.stages"),
          render: (version) => (
            <details>
              <summary>
                {contentOf(version)
                  .stages.map(({ label }) => said(label))
                  .join(" \u2192 ")}
              </summary>
              <ol className={styles.kept}>
                {contentOf(version).stages.map(({ key, label, rule }) => (
                  <li key={key}>
                    <b>{said(label)}</b> <RuleSentence rule={rule} />
                  </li>
                ))}
              </ol>
            </details>
          ),
        },
        {
          key: "at",
          title: t("audience.changed"),
          render: ({ at, by }) => (
            <>
              <Moment value={at} exact brief />
              <small className={styles.by}>{actorName(by)}</small>
            </>
          ),
        },
        {
          key: "restore",
          title: "",
          render: (version) =>
            version.version === model.version
              ? t("audience.current")
              : mayWrite && <Restore model={model} version={version} />,
        },
      ]}
    />
  );
}

function Restore({ model, version }: { model: Model; version: Version }) {
  const { t } = useTranslation();
  const save = useSaveModel(model.key);
  return (
    <ConfirmButton
      label={t("audience.restore")}
      sentence={t("lifecycle.restore_sentence", { version: version.version })}
      onConfirm={() => {
        const { label, description, stages } = contentOf(version);
        return save.mutateAsync({ version: model.version, label, description, stages });
      }}
    />
  );
}
