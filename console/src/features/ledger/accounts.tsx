import { Button, Checkbox, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { answerOf, api } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { Choice } from "@/components/choice";
import { type Column, DataTable } from "@/components/data_table";
import { EntryDialog, RequiredText } from "@/components/entry_dialog";
import { MoreRows } from "@/components/more_rows";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ledgerAccountAddress } from "@/text/address";
import { type LedgerAccount, useAccounts, useAssets, type Wanted } from "./asking";
import styles from "./ledger.module.css";
import { OwnerKindField } from "./owner_kind_field";
import { useCounting, useLedgerWords } from "./words";

// Accounts of an asset, of an owner, or both; what is looked for stands in the address.
export function Accounts() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const may = useMay("ledger.write");
  const [opening, setOpening] = useState(false);
  const assets = useAssets();
  const wanted: Wanted = {
    owner_kind: search.get("owner_kind") ?? "",
    owner: search.get("owner") ?? "",
    asset: search.get("asset") ?? "",
  };
  const find = (values: Wanted) => {
    const next = Object.entries(values).filter(([, text]) => (text ?? "").trim() !== "");
    setSearch(Object.fromEntries(next.map(([name, text]) => [name, text.trim()])));
  };
  const has = assets.data !== undefined && assets.data.length > 0;
  return (
    <Panel
      title={t("ledger.accounts")}
      lead={t("ledger.accounts_lead")}
      testId="accounts"
      actions={
        may && has && <Button onClick={() => setOpening(true)}>{t("ledger.open_account")}</Button>
      }
    >
      <Form<Wanted>
        // What is found is another when a row of the assets was followed.
        key={search.toString()}
        name="find"
        layout="inline"
        initialValues={wanted}
        onFinish={find}
        className={styles.find ?? ""}
      >
        <Form.Item name="asset" label={t("ledger.asset")}>
          <AssetChoice any={t("ledger.any_asset")} />
        </Form.Item>
        <Form.Item name="owner_kind" label={t("ledger.owner_kind")}>
          <OwnerKindField any={t("ledger.any_asset")} />
        </Form.Item>
        <Form.Item name="owner" label={t("ledger.owner_id")}>
          <Input maxLength={100} autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Button htmlType="submit">{t("ledger.find")}</Button>
      </Form>
      {(wanted.owner_kind !== "" || wanted.asset !== "") && <Found wanted={wanted} />}
      {opening && <OpenDialog asset={wanted.asset} onClose={() => setOpening(false)} />}
    </Panel>
  );
}

interface AssetChoiceProps {
  id?: string;
  value?: string;
  onChange?(code: string): void;
  any?: string;
}

function AssetChoice({ any, ...rest }: AssetChoiceProps) {
  const words = useLedgerWords();
  const assets = useAssets();
  const options = (assets.data ?? []).map((asset) => ({
    value: asset.code,
    label: words.asset(asset),
  }));
  return (
    <Choice
      {...rest}
      options={any === undefined ? options : [{ value: "", label: any }, ...options]}
    />
  );
}

type Figure = "posted" | "held" | "free";

function Amount({ account, figure }: { account: LedgerAccount; figure: Figure }) {
  return useCounting(account.asset).amount(account[figure]);
}

function AssetName({ code }: { code: string }) {
  return useCounting(code).name;
}

function Found({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation();
  const words = useLedgerWords();
  const accounts = useAccounts(wanted);
  const figures: Column<LedgerAccount>[] = (["posted", "held", "free"] as const).map((figure) => ({
    key: figure,
    title: t(`ledger.${figure}`),
    figures: true,
    render: (account) => <Amount account={account} figure={figure} />,
  }));
  const columns: Column<LedgerAccount>[] = [
    {
      key: "owner",
      title: t("ledger.owner"),
      render: (account) => (
        <Link to={ledgerAccountAddress(account.id)}>{words.owner(account)}</Link>
      ),
    },
    { key: "asset", title: t("ledger.asset"), render: ({ asset }) => <AssetName code={asset} /> },
    { key: "book", title: t("ledger.book"), render: ({ book }) => words.book(book) },
    ...figures,
  ];
  return (
    <Answered query={accounts}>
      {({ pages }) => (
        <>
          <DataTable
            label={t("ledger.accounts")}
            columns={columns}
            rows={pages.flatMap((page) => page.accounts)}
            keyOf={({ id }) => id}
            empty={t("ledger.no_account")}
          />
          <MoreRows pages={accounts} />
        </>
      )}
    </Answered>
  );
}

interface OpenValues {
  asset: string;
  owner_kind: string;
  owner?: string;
  book: string;
  has_lots: boolean;
  debt_allowed: boolean;
}

function OpenDialog({ asset, onClose }: { asset: string; onClose(): void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const assets = useAssets();
  const save = useChange(
    "ledger",
    async ({ owner = "", owner_kind, book, ...rest }: OpenValues) => {
      const body = {
        ...rest,
        owner_kind: owner_kind.trim(),
        owner: owner.trim(),
        book: book.trim(),
      };
      const { id } = await answerOf(api.POST("/ledger/accounts", { body }));
      navigate(ledgerAccountAddress(id));
    },
  );
  return (
    <EntryDialog<OpenValues>
      title={t("ledger.open_account")}
      save={save}
      onClose={onClose}
      initial={{
        asset: asset === "" ? (assets.data?.[0]?.code ?? "") : asset,
        owner_kind: "customer",
        book: "main",
        has_lots: false,
        debt_allowed: false,
      }}
    >
      <Form.Item name="asset" label={t("ledger.asset")}>
        <AssetChoice />
      </Form.Item>
      <Form.Item name="owner_kind" label={t("ledger.owner_kind")}>
        <OwnerKindField />
      </Form.Item>
      <Form.Item name="owner" label={t("ledger.owner_id")} extra={t("ledger.owner_id_hint")}>
        <Input maxLength={100} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <RequiredText name="book" label={t("ledger.book")} max={40} hint={t("ledger.book_hint")} />
      <Form.Item name="has_lots" valuePropName="checked" extra={t("ledger.has_lots_hint")}>
        <Checkbox>{t("ledger.has_lots")}</Checkbox>
      </Form.Item>
      <Form.Item name="debt_allowed" valuePropName="checked" extra={t("ledger.debt_hint")}>
        <Checkbox>{t("ledger.debt_allow")}</Checkbox>
      </Form.Item>
    </EntryDialog>
  );
}
