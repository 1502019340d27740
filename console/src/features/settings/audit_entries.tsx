import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { ActorName } from "@/components/actor_name";
import { type Column, DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { useMay } from "@/components/permissions";
import { customerAddress } from "@/text/address";
import { AuditChange } from "./audit_change";
import styles from "./settings.module.css";

type Entry = Schema["AuditEntry"];

export function AuditEntries({ entries }: { entries: readonly Entry[] }) {
  const { t } = useTranslation();
  const columns: Column<Entry>[] = [
    { key: "at", title: t("audit.at"), render: ({ at }) => <Moment value={at} /> },
    { key: "who", title: t("audit.who"), render: (entry) => <Who entry={entry} /> },
    { key: "what", title: t("audit.what"), render: (entry) => <What entry={entry} /> },
    {
      key: "change",
      title: t("audit.change"),
      render: ({ before, after }) => <AuditChange before={before} after={after} />,
    },
  ];
  return (
    <DataTable
      label={t("page.audit")}
      columns={columns}
      rows={entries}
      keyOf={({ id }) => id}
      empty={t("audit.none")}
    />
  );
}

// "user:1 zhang.wei": the name first; who has none by what they are.
function Who({ entry: { actor, from } }: { entry: Entry }) {
  const [id = ""] = actor.split(" ");
  return (
    <>
      <ActorName actor={actor} />
      <small className={styles.more}>{[id, from].filter(Boolean).join(" · ")}</small>
    </>
  );
}

function What({ entry: { noun, verb, subject } }: { entry: Entry }) {
  const { t, i18n } = useTranslation();
  const seesCustomers = useMay("customers.read");
  const say = t as (key: string) => string;
  const wordOf = (key: string, word: string) => (i18n.exists(key) ? say(key) : word);
  // What is written of a customer says by itself what it is about.
  const whole = `audit.of_customer.${verb}`;
  const words =
    noun === "customer" && i18n.exists(whole)
      ? say(whole)
      : `${wordOf(`audit.verb.${verb}`, verb)} ${wordOf(`audit.noun.${noun}`, noun)}`;
  return (
    <>
      {words}
      {subject && (
        <small className={styles.more}>
          {noun === "customer" && seesCustomers ? (
            <Link to={customerAddress({ id: Number(subject) })}>{`c_${subject}`}</Link>
          ) : noun === "setting" ? (
            wordOf(`setting.${subject}.label`, subject)
          ) : (
            subject
          )}
        </small>
      )}
    </>
  );
}
