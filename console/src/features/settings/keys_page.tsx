import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { type Column, DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ShownOnce } from "@/components/shown_once";
import { KeyDialog } from "./key_dialog";
import styles from "./settings.module.css";
import { useChange } from "./use_change";

type Key = Schema["Key"];

export default function KeysPage() {
  const { t } = useTranslation();
  const may = useMay("keys.write");
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const keys = useQuery({
    queryKey: ["keys"],
    queryFn: ({ signal }) => answerOf(api.GET("/keys", { signal })),
  });
  return (
    <>
      <PageHead
        title={t("page.keys")}
        lead={t("settings.part.keys")}
        actions={
          may && (
            <Button type="primary" onClick={() => setMaking(true)}>
              {t("keys.create")}
            </Button>
          )
        }
      />
      <Panel>
        <Answered query={keys}>{(data) => <Keys keys={data.keys} may={may} />}</Answered>
      </Panel>
      {making && <KeyDialog onClose={() => setMaking(false)} onSecret={setSecret} />}
      <ShownOnce
        title={t("keys.secret")}
        sentence={t("keys.secret_text")}
        secret={secret}
        onClose={() => setSecret(null)}
      />
    </>
  );
}

function Keys({ keys, may }: { keys: readonly Key[]; may: boolean }) {
  const { t } = useTranslation();
  const say = t as (key: string) => string;
  const columns: Column<Key>[] = [
    {
      key: "name",
      title: t("keys.name"),
      render: ({ name, prefix }) => (
        <>
          {name}
          <small className={styles.more}>{prefix}…</small>
        </>
      ),
    },
    {
      key: "scopes",
      title: t("keys.scopes"),
      render: ({ scopes }) =>
        scopes.map((scope) => say(`permission.${scope}`)).join(t("value.separator")),
    },
    {
      key: "used",
      title: t("keys.last_used"),
      render: ({ last_used_at }) =>
        last_used_at ? <Moment value={last_used_at} /> : t("users.never"),
    },
    {
      key: "until",
      title: t("keys.until"),
      render: ({ expires_at, revoked_at }) =>
        revoked_at ? (
          <>
            {t("keys.revoked")} <Moment value={revoked_at} />
          </>
        ) : expires_at ? (
          <Moment value={expires_at} exact />
        ) : (
          t("keys.forever")
        ),
    },
  ];
  if (may) {
    columns.push({
      key: "do",
      title: "",
      render: (key) => key.revoked_at === null && <Revoke keyToRevoke={key} />,
    });
  }
  return (
    <DataTable
      label={t("page.keys")}
      columns={columns}
      rows={keys}
      keyOf={({ id }) => id}
      empty={t("keys.none")}
    />
  );
}

function Revoke({ keyToRevoke: { id, name } }: { keyToRevoke: Key }) {
  const { t } = useTranslation();
  const revoke = useChange("keys", () =>
    answerOf(api.DELETE("/keys/{id}", { params: { path: { id } } })),
  );
  return (
    <ConfirmButton
      label={t("keys.revoke")}
      sentence={t("keys.revoke_text", { name })}
      onConfirm={() => revoke.mutateAsync(undefined)}
    />
  );
}
