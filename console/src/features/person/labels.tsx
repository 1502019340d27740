import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useNames } from "@/api/names";
import { NameField } from "@/components/name_field";
import styles from "./record.module.css";
import { useRecordChange } from "./record_change";

interface Props {
  record: Pick<Schema["Customer"], "tags" | "lists">;
  customer?: string;
}

export function Tags({ record, customer }: Props) {
  const remove = useRecordChange((tag: number) =>
    answerOf(
      api.DELETE("/customers/{customer}/tags/{tag}", {
        params: { path: { customer: customer ?? "", tag } },
      }),
    ),
  );
  return (
    <div className={styles.tags}>
      {record.tags.map(({ id, group, name }) => (
        <Label
          key={id}
          text={`${group}/${name}`}
          busy={remove.isPending && remove.variables === id}
          {...(customer === undefined ? {} : { onRemove: () => remove.mutate(id) })}
        />
      ))}
    </div>
  );
}

// On and off a static list.
function useListChange(customer: string) {
  return useRecordChange(({ id, on }: { id: number; on: boolean }) =>
    answerOf(
      api.POST("/lists/{id}/customers", {
        params: { path: { id } },
        body: on ? { add: [customer] } : { remove: [customer] },
      }),
    ),
  );
}

export function Lists({ record, customer }: Props) {
  const change = useListChange(customer ?? "");
  return (
    <div className={styles.tags}>
      {record.lists.map(({ id, name }) => (
        <Label
          key={id}
          text={name}
          outlined
          busy={change.isPending && change.variables?.id === id}
          {...(customer === undefined ? {} : { onRemove: () => change.mutate({ id, on: false }) })}
        />
      ))}
    </div>
  );
}

interface LabelProps {
  text: string;
  outlined?: boolean;
  busy: boolean;
  onRemove?: () => void;
}

function Label({ text, outlined = false, busy, onRemove }: LabelProps) {
  const { t } = useTranslation();
  return (
    <Tag {...(outlined ? { variant: "outlined" as const } : {})}>
      {text}
      {onRemove && (
        <button
          type="button"
          className={styles.off}
          disabled={busy}
          aria-label={t("person.remove", { name: text })}
          onClick={onRemove}
        >
          <span aria-hidden="true">×</span>
        </button>
      )}
    </Tag>
  );
}

export function NewTag({ record, customer }: Required<Props>) {
  const { t } = useTranslation();
  const on = new Set(record.tags.map(({ group, name }) => `${group}/${name}`));
  const names = (useNames()?.tags ?? []).filter((name) => !on.has(name));
  const add = useRecordChange((tag: string) =>
    answerOf(
      api.POST("/customers/{customer}/tags", {
        params: { path: { customer } },
        body: { tags: [tag] },
      }),
    ),
  );
  return (
    <NameField
      label={t("person.tag_name")}
      action={t("person.add_tag")}
      names={names}
      busy={add.isPending}
      unknown={t("person.no_tag")}
      onChoose={(tag) => add.mutate(tag)}
    />
  );
}

interface NewListProps extends Required<Props> {
  lists: readonly Schema["List"][];
}

export function NewList({ record, customer, lists }: NewListProps) {
  const { t } = useTranslation();
  const change = useListChange(customer);
  const on = new Set(record.lists.map(({ id }) => id));
  const others = lists.filter(({ id }) => !on.has(id));
  const add = (name: string) => {
    const list = others.find((each) => each.name === name);
    if (list) change.mutate({ id: list.id, on: true });
  };
  return (
    <NameField
      label={t("person.list_name")}
      action={t("person.add_list")}
      names={others.map(({ name }) => name)}
      busy={change.isPending}
      unknown={t("person.no_list")}
      onChoose={add}
    />
  );
}
