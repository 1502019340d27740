// What the lists of secret and of public keys have in common.
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { ConfirmButton } from "@/components/confirm_button";
import type { Column } from "@/components/data_table";
import { Moment } from "@/components/moment";
import styles from "./settings.module.css";
import { useChange } from "./use_change";

type Key = Schema["Key"];

export const keyName = (t: TFunction): Column<Key> => ({
  key: "name",
  title: t("keys.name"),
  render: ({ name, prefix }) => (
    <>
      {name}
      <small className={styles.more}>{prefix}…</small>
    </>
  ),
});

export const lastUsed = (t: TFunction): Column<Key> => ({
  key: "used",
  title: t("keys.last_used"),
  render: ({ last_used_at }) => (last_used_at ? <Moment value={last_used_at} /> : t("users.never")),
});

export const until = (t: TFunction): Column<Key> => ({
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

export function Revoke({ keyToRevoke: { id }, sentence }: { keyToRevoke: Key; sentence: string }) {
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
