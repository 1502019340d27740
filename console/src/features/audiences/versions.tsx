import { useTranslation } from "react-i18next";
import { ConfirmButton } from "@/components/confirm_button";
import { DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { type Audience, type Content, useActorName } from "./asking";
import styles from "./audiences_page.module.css";

interface Props {
  audience: Audience;
  // Whoever restores loses what they have not saved.
  unsaved: boolean;
  // Undefined: may not be changed.
  onRestore?: (content: Content) => Promise<unknown>;
}

export function Versions({ audience, unsaved, onRestore }: Props) {
  const { t } = useTranslation();
  const actorName = useActorName();
  return (
    <DataTable
      label={t("audience.versions")}
      rows={audience.versions}
      keyOf={({ version }) => version}
      empty=""
      columns={[
        { key: "version", title: t("audience.version"), render: ({ version }) => version },
        { key: "name", title: t("audience.name"), render: ({ name }) => name },
        {
          key: "rule",
          title: t("question.rule"),
          render: ({ rule }) => <code className={styles.rule}>{rule}</code>,
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
          render: ({ version, name, rule }) =>
            onRestore && version !== audience.version ? (
              <ConfirmButton
                label={t("audience.restore")}
                sentence={`${t("audience.restore_sentence", { version, name, rule })} ${
                  unsaved ? t("audience.restore_unsaved") : ""
                }`.trim()}
                onConfirm={() => onRestore({ name, rule })}
              />
            ) : (
              version === audience.version && t("audience.current")
            ),
        },
      ]}
    />
  );
}
