// The list of keys of one kind.
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { ConfirmButton } from "@/components/confirm_button";
import { type Column, DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import styles from "./settings.module.css";

export type Key = Schema["Key"];

interface Props {
  keys: readonly Key[];
  label: string;
  empty: string;
  // What a key of this kind opens.
  opens: { title: string; of(key: Key): ReactNode };
  // What taking one back does. Null: whoever looks may not.
  revoking: ((key: Key) => string) | null;
}

export function KeyTable({ keys, label, empty, opens, revoking }: Props) {
  const { t } = useTranslation();
  const columns: Column<Key>[] = [
    keyName(t),
    { key: "opens", title: opens.title, render: opens.of },
    lastUsed(t),
    until(t),
  ];
  if (revoking) {
    columns.push({
      key: "do",
      title: "",
      render: (key) =>
        key.revoked_at === null && <Revoke keyToRevoke={key} sentence={revoking(key)} />,
    });
  }
  return (
    <DataTable label={label} columns={columns} rows={keys} keyOf={({ id }) => id} empty={empty} />
  );
}

const keyName = (t: TFunction): Column<Key> => ({
  key: "name",
  title: t("keys.name"),
  render: ({ name, prefix }) => (
    <>
      {name}
      <small className={styles.more}>{prefix}…</small>
    </>
  ),
});

const lastUsed = (t: TFunction): Column<Key> => ({
  key: "used",
  title: t("keys.last_used"),
  render: ({ last_used_at }) => (last_used_at ? <Moment value={last_used_at} /> : t("users.never")),
});

const until = (t: TFunction): Column<Key> => ({
  key: "until",
  title: t("keys.until"),
  render: ({ expires_at, revoked_at }) => {
    if (revoked_at) {
      return (
        <>
          {t("keys.revoked")} <Moment value={revoked_at} />
        </>
      );
    }
    return expires_at ? <Moment value={expires_at} exact /> : t("keys.forever");
  },
});

function Revoke({ keyToRevoke: { id }, sentence }: { keyToRevoke: Key; sentence: string }) {
  const { t } = useTranslation();
  const revoke = useChange("keys", () =>
    answerOf(api.DELETE("/keys/{id}", { params: { path: { id } } })),
  );
  return (
    <ConfirmButton
      label={t("keys.revoke")}
      sentence={sentence}
      onConfirm={() => revoke.mutateAsync(undefined)}
    />
  );
}
