import { CloseOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useNames } from "@/api/names";
import { Choice } from "@/components/choice";
import styles from "./record.module.css";
import { useRecordChange } from "./record_change";

type Identity = Schema["Identity"];

// Kinds a brand has declared itself are shown by their names.
export function useIdentityLabel(): (kind: string) => string {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  return (kind) => {
    const key = `person.identity.${kind}`;
    return i18n.exists(key) ? say(key) : kind;
  };
}

interface Props {
  identities: readonly Identity[];
  // Whose they are, where they can be changed.
  customer?: string;
}

export function Identities({ identities, customer }: Props) {
  const labelOf = useIdentityLabel();
  return (
    <dl className={styles.pairs}>
      {identities.map((identity) => (
        <div key={`${identity.kind}:${identity.account}:${identity.value}`}>
          <dt title={identity.kind}>{labelOf(identity.kind)}</dt>
          <dd>
            {identity.value}
            {identity.account && <small className={styles.since}>{identity.account}</small>}
            {customer !== undefined && identity.kind !== "customer" && (
              <RemoveIdentity {...{ customer, identity }} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function RemoveIdentity({ customer, identity }: { customer: string; identity: Identity }) {
  const { t } = useTranslation();
  const remove = useRecordChange(({ kind, value, account }: Identity) =>
    answerOf(
      api.POST("/customers/{customer}/identities/remove", {
        params: { path: { customer } },
        body: { kind, value, ...(account ? { account } : {}) },
      }),
    ),
  );
  return (
    <Button
      type="text"
      size="small"
      className={styles.small ?? ""}
      icon={<CloseOutlined />}
      loading={remove.isPending}
      aria-label={t("person.remove", { name: identity.value })}
      onClick={() => remove.mutate(identity)}
    />
  );
}

export function NewIdentity({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const labelOf = useIdentityLabel();
  const kinds = (useNames()?.identity_kinds ?? []).filter((kind) => kind !== "customer");
  const [chosen, setKind] = useState("");
  const [value, setValue] = useState("");
  const kind = chosen || kinds[0] || "";
  const add = useRecordChange((identity: Identity) =>
    answerOf(
      api.POST("/customers/{customer}/identities", {
        params: { path: { customer } },
        body: identity,
      }),
    ),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (kind === "" || value.trim() === "") return;
    add.mutate({ kind, value: value.trim() }, { onSuccess: () => setValue("") });
  };
  if (kinds.length === 0) return null;
  return (
    <form className={styles.adding} onSubmit={submit}>
      <Choice
        aria-label={t("person.identity_kind")}
        value={kind}
        options={kinds.map((each) => ({ value: each, label: labelOf(each) }))}
        onChange={setKind}
      />
      <Input
        aria-label={t("person.identity_value")}
        placeholder={t("person.identity_value")}
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <Button htmlType="submit" loading={add.isPending}>
        {t("person.add")}
      </Button>
    </form>
  );
}
