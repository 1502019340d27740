import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { Choice } from "@/components/choice";
import { type Column, DataTable } from "@/components/data_table";
import { EntryDialog, RequiredText } from "@/components/entry_dialog";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { changedOf } from "./changed";
import styles from "./settings.module.css";

type Account = Schema["BrandAccount"];

const KINDS = ["official_account", "wecom", "mini_program", "mall"] as const;

// The brand's own accounts on its channels, entered by hand.
export default function AccountsPage() {
  const { t } = useTranslation();
  const may = useMay("accounts.write");
  const [open, setOpen] = useState<Account | "new" | null>(null);
  const accounts = useQuery({
    queryKey: ["accounts"],
    queryFn: ({ signal }) => answerOf(api.GET("/accounts", { signal })),
  });
  const columns: Column<Account>[] = [
    { key: "name", title: t("accounts.name"), render: ({ name }) => name },
    { key: "kind", title: t("accounts.kind"), render: ({ kind }) => t(`accounts.is.${kind}`) },
    { key: "id", title: t("accounts.external_id"), render: ({ external_id }) => external_id },
    { key: "state", title: t("users.state"), render: ({ state }) => t(`stores.is.${state}`) },
    {
      key: "since",
      title: t("stores.since"),
      render: ({ created_at }) => <Moment value={created_at} />,
    },
    {
      key: "do",
      title: "",
      render: (account) =>
        may && (
          <div className={styles.actions}>
            <Button size="small" onClick={() => setOpen(account)}>
              {t("users.edit")}
            </Button>
          </div>
        ),
    },
  ];
  return (
    <>
      <PageHead
        title={t("page.accounts")}
        lead={t("settings.part.accounts")}
        actions={
          may && (
            <Button type="primary" onClick={() => setOpen("new")}>
              {t("accounts.add")}
            </Button>
          )
        }
      />
      <Panel>
        <Answered query={accounts}>
          {(data) => (
            <DataTable
              label={t("page.accounts")}
              columns={columns}
              rows={data.accounts}
              keyOf={({ id }) => id}
              empty={t("accounts.none")}
            />
          )}
        </Answered>
      </Panel>
      {open !== null && (
        <AccountDialog account={open === "new" ? null : open} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

interface Values {
  kind: Account["kind"];
  external_id: string;
  name: string;
  state: Account["state"];
}

function AccountDialog({ account, onClose }: { account: Account | null; onClose(): void }) {
  const { t } = useTranslation();
  const save = useChange("accounts", async ({ kind, state, ...texts }: Values) =>
    account === null
      ? answerOf(api.POST("/accounts", { body: { kind, ...texts } }))
      : answerOf(
          api.PATCH("/accounts/{id}", {
            params: { path: { id: account.id } },
            body: changedOf(account, { state, ...texts }),
          }),
        ),
  );
  return (
    <EntryDialog<Values>
      title={account === null ? t("accounts.add") : t("users.edit")}
      save={save}
      onClose={onClose}
      initial={account ?? { kind: "official_account", state: "open" }}
    >
      {account === null && (
        <Form.Item name="kind" label={t("accounts.kind")}>
          <Choice
            options={KINDS.map((kind) => ({ value: kind, label: t(`accounts.is.${kind}`) }))}
          />
        </Form.Item>
      )}
      <RequiredText name="name" label={t("accounts.name")} max={100} />
      <Form.Item
        name="external_id"
        label={t("accounts.external_id")}
        extra={t("accounts.external_id_hint")}
        rules={[{ required: true, whitespace: true, message: t("stores.missing") }]}
      >
        <Input maxLength={64} spellCheck={false} autoComplete="off" />
      </Form.Item>
      {account !== null && <OpenOrClosed />}
    </EntryDialog>
  );
}

export function OpenOrClosed() {
  const { t } = useTranslation();
  const states = ["open", "closed"] as const;
  return (
    <Form.Item name="state" label={t("users.state")}>
      <Choice options={states.map((state) => ({ value: state, label: t(`stores.is.${state}`) }))} />
    </Form.Item>
  );
}
