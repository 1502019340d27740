import { EditOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useNames } from "@/api/names";
import { Moment } from "@/components/moment";
import { NameField } from "@/components/name_field";
import { useLabels } from "@/components/use_labels";
import { useValueText } from "@/components/use_value_text";
import { labelOf } from "@/text/label";
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
  const labels = useLabels();
  return (
    <dl className={styles.pairs}>
      {attributes.map((attribute) => (
        <div key={attribute.name}>
          <dt title={attribute.name}>{labels.attribute(attribute.name)}</dt>
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
  const labels = useLabels();
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
          aria-label={t("person.edit", { name: labels.attribute(name) })}
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
  const labels = useLabels();
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
      label={labels.attribute(name)}
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
  const { t, i18n } = useTranslation();
  const [chosen, choose] = useState<string | null>(null);
  const known = new Set(attributes.map(({ name }) => name));
  const others = (useNames()?.attributes ?? []).filter(({ name }) => !known.has(name));
  // One that has a label is found by it; the name behind it tells two of one label apart.
  const spoken = (each: (typeof others)[number]) => {
    const label = labelOf(each, i18n.language);
    return label === each.name ? label : `${label} (${each.name})`;
  };
  const attribute = others.find((each) => spoken(each) === chosen);
  if (attribute) {
    return (
      <div className={styles.new}>
        <span className={styles.title}>{spoken(attribute)}</span>
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
        names={others.map(spoken)}
        unknown={t("person.no_attribute")}
        onChoose={choose}
      />
    </div>
  );
}
