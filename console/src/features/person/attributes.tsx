import { EditOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useNames } from "@/api/names";
import { Moment } from "@/components/moment";
import { NameField } from "@/components/name_field";
import { useValueText } from "@/components/use_value_text";
import styles from "./record.module.css";
import { useRecordChange } from "./record_change";
import { ValueField } from "./value_field";

type Attribute = Pick<Schema["CustomerAttribute"], "name" | "type"> &
  Partial<Schema["CustomerAttribute"]>;

interface Props {
  attributes: readonly Schema["CustomerAttribute"][];
  customer?: string;
}

export function Attributes({ attributes, customer }: Props) {
  const [edited, edit] = useState<string | null>(null);
  return (
    <dl className={styles.pairs}>
      {attributes.map((attribute) => (
        <div key={attribute.name}>
          <dt>{attribute.name}</dt>
          <dd>
            {customer !== undefined && edited === attribute.name ? (
              <Edited {...{ customer, attribute }} onDone={() => edit(null)} />
            ) : (
              <Shown
                attribute={attribute}
                {...(customer === undefined ? {} : { onEdit: () => edit(attribute.name) })}
              />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ShownProps {
  attribute: Schema["CustomerAttribute"];
  onEdit?: () => void;
}

function Shown({ attribute: { name, type, value, since, source }, onEdit }: ShownProps) {
  const { t } = useTranslation();
  const valueText = useValueText();
  return (
    <>
      {valueText(value, type)}
      {onEdit && (
        <Button
          type="text"
          size="small"
          className={styles.small ?? ""}
          icon={<EditOutlined />}
          aria-label={t("person.edit", { name })}
          onClick={onEdit}
        />
      )}
      <small className={styles.since} title={source}>
        {t("person.node_since")} <Moment value={since} exact brief />
      </small>
    </>
  );
}

interface EditedProps {
  customer: string;
  attribute: Attribute;
  onDone(): void;
}

function Edited({ customer, attribute: { name, type, value }, onDone }: EditedProps) {
  const change = useRecordChange((next: unknown) =>
    answerOf(
      api.PATCH("/customers/{customer}/attributes", {
        params: { path: { customer } },
        body: { values: { [name]: next } },
      }),
    ),
  );
  return (
    <ValueField
      label={name}
      type={type}
      value={value ?? null}
      busy={change.isPending}
      onSave={(next) => change.mutate(next, { onSuccess: onDone })}
      onCancel={onDone}
    />
  );
}

// An attribute the customer has no value of yet.
export function NewAttribute({ customer, attributes }: Required<Props>) {
  const { t } = useTranslation();
  const [chosen, choose] = useState<string | null>(null);
  const known = new Set(attributes.map(({ name }) => name));
  const others = (useNames()?.attributes ?? []).filter(({ name }) => !known.has(name));
  const attribute = others.find(({ name }) => name === chosen);
  if (attribute) {
    return (
      <div className={styles.new}>
        <span className={styles.title}>{attribute.name}</span>
        <Edited {...{ customer, attribute }} onDone={() => choose(null)} />
      </div>
    );
  }
  if (others.length === 0) return null;
  return (
    <div className={styles.new}>
      <NameField
        label={t("person.other_attribute")}
        action={t("person.fill")}
        names={others.map(({ name }) => name)}
        unknown={t("person.no_attribute")}
        onChoose={choose}
      />
    </div>
  );
}
