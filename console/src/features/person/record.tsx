import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { MaskNote } from "@/components/masks";
import { Attributes } from "./attributes";
import { Consents } from "./consents";
import { Identities } from "./identities";
import { Lists, Tags } from "./labels";
import { Merges } from "./merges";
import styles from "./record.module.css";

// The record to be read, beside a list; person_page.tsx is where it is changed. `record` undefined:
// on its way.
export function RecordView({ record }: { record: Schema["Customer"] | undefined }) {
  const { t } = useTranslation();
  if (!record) return <Skeleton active title={false} paragraph={{ rows: 5 }} />;
  return (
    <div className={styles.record}>
      <MaskNote attributes={record.attributes.map(({ name }) => name)} events />
      <Part title={t("person.identities")} empty={record.identities.length === 0}>
        <Identities identities={record.identities} />
      </Part>
      <Part title={t("person.attributes")} empty={record.attributes.length === 0}>
        <Attributes attributes={record.attributes} />
      </Part>
      <Part title={t("person.tags")} empty={record.tags.length + record.lists.length === 0}>
        <Tags record={record} />
        <Lists record={record} />
      </Part>
      <Part title={t("person.consents")} empty={record.consents.length === 0}>
        <Consents consents={record.consents} />
      </Part>
      {record.merges.length > 0 && (
        <Part title={t("person.merges")} empty={false}>
          <Merges merges={record.merges} />
        </Part>
      )}
    </div>
  );
}

// One part of the record; `empty`: nothing is known of it yet.
export interface PartProps {
  title: string;
  empty: boolean;
  children: ReactNode;
}

function Part({ title, empty, children }: PartProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.part}>
      <h4 className={styles.title}>{title}</h4>
      {empty ? <span className={styles.none}>{t("person.none")}</span> : children}
    </div>
  );
}
