import { useTranslation } from "react-i18next";
import { useActorName } from "@/components/actor_name";
import { ConfirmButton } from "@/components/confirm_button";
import { DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { RuleSentence, useSentences } from "@/components/rule/rule_sentence";
import type { Audience, Content } from "./asking";
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
          render: ({ rule }) => (
            <RuleSentence rule={rule} tree={rule === audience.rule ? audience.tree : undefined} />
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
            onRestore && version.version !== audience.version ? (
              <Restore {...{ version, unsaved, onRestore }} />
            ) : (
              version.version === audience.version && t("audience.current")
            ),
        },
      ]}
    />
  );
}

interface RestoreProps {
  version: Audience["versions"][number];
  unsaved: boolean;
  onRestore(content: Content): Promise<unknown>;
}

function Restore({ version: { version, name, rule }, unsaved, onRestore }: RestoreProps) {
  const { t } = useTranslation();
  const [sentence = rule] = useSentences([rule]);
  const becomes = t("audience.restore_sentence", { version, name, rule: sentence });
  return (
    <ConfirmButton
      label={t("audience.restore")}
      sentence={unsaved ? `${becomes} ${t("audience.restore_unsaved")}` : becomes}
      onConfirm={() => onRestore({ name, rule })}
    />
  );
}
