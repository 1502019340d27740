import { Skeleton, Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Moment } from "@/components/moment";
import styles from "./record.module.css";
import { useValueText } from "./use_value_text";

type Customer = Schema["Customer"];

// `record` undefined: on its way.
export function RecordView({ record }: { record: Customer | undefined }) {
  const { t } = useTranslation();
  if (!record) return <Skeleton active title={false} paragraph={{ rows: 5 }} />;
  return (
    <div className={styles.record}>
      <Part title={t("person.identities")} empty={record.identities.length === 0}>
        <Identities identities={record.identities} />
      </Part>
      <Part title={t("person.attributes")} empty={record.attributes.length === 0}>
        <Attributes attributes={record.attributes} />
      </Part>
      <Part title={t("person.tags")} empty={record.tags.length + record.lists.length === 0}>
        <Tags record={record} />
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

interface PartProps {
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

// Kinds a brand has declared itself are shown by their names.
function Identities({ identities }: Pick<Customer, "identities">) {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  const labelOf = (kind: string) => {
    const key = `person.identity.${kind}`;
    return i18n.exists(key) ? say(key) : kind;
  };
  return (
    <dl className={styles.pairs}>
      {identities.map((identity) => (
        <div key={`${identity.kind}:${identity.value}`}>
          <dt title={identity.kind}>{labelOf(identity.kind)}</dt>
          <dd>{identity.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Attributes({ attributes }: Pick<Customer, "attributes">) {
  const { t } = useTranslation();
  const valueText = useValueText();
  return (
    <dl className={styles.pairs}>
      {attributes.map(({ name, type, value, since }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {valueText(value, type)}
            <small className={styles.since}>
              {t("person.node_since")} <Moment value={since} exact brief />
            </small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Tags({ record }: { record: Customer }) {
  return (
    <div className={styles.tags}>
      {record.tags.map((tag) => (
        <Tag key={tag.id}>
          {tag.group}/{tag.name}
        </Tag>
      ))}
      {record.lists.map((list) => (
        <Tag key={`list ${list.id}`} variant="outlined">
          {list.name}
        </Tag>
      ))}
    </div>
  );
}

function Consents({ consents }: Pick<Customer, "consents">) {
  const { t } = useTranslation();
  return (
    <dl className={styles.pairs}>
      {consents.map(({ purpose, channel, state, at, how }) => (
        <div key={`${purpose} ${channel} ${at}`}>
          <dt>
            {purpose}
            {channel && ` · ${channel}`}
          </dt>
          <dd>
            {t(`consent.${state}`)}
            <small className={styles.since}>
              <Moment value={at} /> {how}
            </small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Merges({ merges }: Pick<Customer, "merges">) {
  return (
    <dl className={styles.pairs}>
      {merges.map(({ id, customer, at, by }) => (
        <div key={id}>
          <dt>{customer}</dt>
          <dd>
            <Moment value={at} exact /> <small className={styles.since}>{by}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
