import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { customerAddress } from "@/text/address";
import { AdjustDialog } from "./adjust_dialog";
import { useAccount } from "./asking";
import styles from "./ledger.module.css";
import { Statement } from "./statement";
import { type Counting, useCounting, useLedgerWords } from "./words";

type Detail = Schema["LedgerAccountDetail"];

// One ledger account: what is there now and was at a moment, its lots, every posting.
export default function LedgerAccountPage() {
  const { t } = useTranslation();
  const words = useLedgerWords();
  const { account = "" } = useParams();
  const id = Number(account);
  const [search, setSearch] = useSearchParams();
  const at = search.get("at") ?? "";
  const shown = useAccount(id, at);
  const counting = useCounting(shown.data?.asset ?? "");
  const may = useMay("ledger.write");
  const [adjusting, setAdjusting] = useState(false);
  const { data } = shown;
  return (
    <>
      <PageHead
        title={data ? `${words.owner(data)} · ${counting.name}` : t("page.ledger_account")}
        lead={data ? t("ledger.of_book", { book: words.book(data.book) }) : ""}
        actions={
          may &&
          data &&
          counting.known && (
            <Button type="primary" onClick={() => setAdjusting(true)}>
              {t("ledger.adjust")}
            </Button>
          )
        }
      />
      <Panel title={t("ledger.balance")} testId="balance">
        <Answered query={shown} rows={2}>
          {(detail) => <Balance account={detail} counting={counting} />}
        </Answered>
        <Form<{ at: string }>
          layout="inline"
          initialValues={{ at }}
          onFinish={(values) => setSearch(values.at === "" ? {} : { at: values.at })}
          className={styles.at ?? ""}
        >
          <Form.Item name="at" label={t("ledger.at")}>
            <Input type="datetime-local" step="any" />
          </Form.Item>
          <Button htmlType="submit">{t("ledger.look")}</Button>
        </Form>
      </Panel>
      {data?.has_lots && <Lots account={data} counting={counting} />}
      {data && <Statement id={id} counting={counting} />}
      {adjusting && data && (
        <AdjustDialog account={data} counting={counting} onClose={() => setAdjusting(false)} />
      )}
    </>
  );
}

interface Shown {
  account: Detail;
  counting: Counting;
}

function Balance({ account, counting }: Shown) {
  const { t } = useTranslation();
  return (
    <dl className={styles.facts}>
      {(["free", "posted", "held"] as const).map((name) => (
        <div key={name} data-main={name === "free"}>
          <dt>{t(`ledger.${name}`)}</dt>
          <dd>{counting.amount(account[name])}</dd>
        </div>
      ))}
      {account.at && (
        <div data-testid="at">
          <dt>
            {t("ledger.was_at")} <Moment value={account.at.moment} exact />
          </dt>
          <dd>{counting.amount(account.at.posted)}</dd>
        </div>
      )}
      <div>
        <dt>{t("ledger.debt")}</dt>
        <dd>{t(account.debt_allowed ? "ledger.debt_allowed" : "ledger.debt_never")}</dd>
      </div>
      <OwnerLink account={account} />
    </dl>
  );
}

// The way to whose account it is, where there is a page of them.
function OwnerLink({ account: { owner_kind, owner } }: { account: Detail }) {
  const { t } = useTranslation();
  if (owner_kind !== "customer" || !/^\d+$/.test(owner)) return null;
  return (
    <div>
      <dt>{t("ledger.owner")}</dt>
      <dd>
        <Link to={customerAddress({ id: Number(owner) })}>{t("page.customer")}</Link>
      </dd>
    </div>
  );
}

function Lots({ account, counting }: Shown) {
  const { t } = useTranslation();
  return (
    <Panel title={t("ledger.lots")} lead={t("ledger.lots_lead")}>
      <DataTable
        label={t("ledger.lots")}
        rows={account.lots}
        keyOf={({ id }) => id}
        empty={t("ledger.no_lot")}
        columns={[
          {
            key: "expires",
            title: t("ledger.expires"),
            render: ({ expires }) =>
              expires === null ? t("ledger.never") : <Moment value={expires} exact />,
          },
          {
            key: "left",
            title: t("ledger.left"),
            figures: true,
            render: ({ left }) => counting.amount(left),
          },
          {
            key: "held",
            title: t("ledger.held"),
            figures: true,
            render: ({ held }) => counting.amount(held),
          },
        ]}
      />
    </Panel>
  );
}
