import { useQueries } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { Answered } from "@/components/answered";
import { DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { MoreRows } from "@/components/more_rows";
import { Panel } from "@/components/panel";
import { bundleAddress, ledgerAccountAddress } from "@/text/address";
import { accountQuery, useBundle, useBundles } from "./asking";
import styles from "./ledger.module.css";
import { useCounting, useLedgerWords } from "./words";

const EXAMPLE = "order:1001";

// What a cause has moved: its bundles, and of the one that is open every posting.
export function Causes() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const why = search.get("why") ?? "";
  const open = search.get("bundle") ?? "";
  const find = (text = "") => setSearch(text.trim() === "" ? {} : { why: text.trim() });
  return (
    <Panel title={t("ledger.by_cause")} lead={t("ledger.by_cause_lead")} testId="causes">
      <Form<{ why: string }>
        key={why}
        name="cause"
        layout="inline"
        initialValues={{ why }}
        onFinish={(values) => find(values.why)}
        className={styles.find ?? ""}
      >
        <Form.Item name="why" label={t("ledger.why")}>
          <Input maxLength={200} autoComplete="off" spellCheck={false} placeholder={EXAMPLE} />
        </Form.Item>
        <Button htmlType="submit">{t("ledger.find")}</Button>
      </Form>
      {why !== "" && <Bundles why={why} />}
      {open !== "" && <Postings id={open} />}
    </Panel>
  );
}

function Bundles({ why }: { why: string }) {
  const { t } = useTranslation();
  const bundles = useBundles(why);
  return (
    <Answered query={bundles}>
      {({ pages }) => (
        <>
          <DataTable
            label={t("ledger.by_cause")}
            rows={pages.flatMap((page) => page.bundles)}
            keyOf={({ id }) => id}
            empty={t("ledger.no_bundle")}
            columns={[
              {
                key: "entered",
                title: t("ledger.entered_at"),
                render: ({ id, entered_at }) => (
                  <Link to={bundleAddress(why, id)}>
                    <Moment value={entered_at} exact />
                  </Link>
                ),
              },
              {
                key: "state",
                title: t("ledger.state"),
                render: ({ state }) => t(`ledger.states.${state}`),
              },
              {
                key: "effective",
                title: t("ledger.effective_at"),
                render: ({ effective_at }) => <Moment value={effective_at} exact />,
              },
              {
                key: "until",
                title: t("ledger.held_until"),
                render: ({ held_until }) =>
                  held_until === null ? "–" : <Moment value={held_until} exact />,
              },
              { key: "id", title: t("ledger.bundle"), render: ({ id }) => <BundleId id={id} /> },
            ]}
          />
          <MoreRows pages={bundles} />
        </>
      )}
    </Answered>
  );
}

// The number under which it was asked for; one the console drew itself says nothing.
function BundleId({ id }: { id: string }) {
  const { t } = useTranslation();
  return id.startsWith("console/") ? t("ledger.by_hand") : id;
}

// Every posting, with whose account it is.
function Postings({ id }: { id: string }) {
  const { t } = useTranslation();
  const bundle = useBundle(id);
  const ids = [...new Set(bundle.data?.postings.map(({ account }) => account) ?? [])];
  const accounts = useQueries({ queries: ids.map((account) => accountQuery(account, "")) });
  const accountOf = (account: number) => accounts[ids.indexOf(account)]?.data;
  const hasRefund = bundle.data?.postings.some(({ refund_of }) => refund_of !== null);
  return (
    <div className={styles.inner} data-testid="postings">
      <h3>{t("ledger.postings")}</h3>
      <Answered query={bundle}>
        {({ postings }) => (
          <DataTable
            label={t("ledger.postings")}
            rows={postings}
            keyOf={({ account, sequence }) => `${account} ${sequence}`}
            empty={t("ledger.no_posting_yet")}
            columns={[
              {
                key: "account",
                title: t("ledger.account"),
                render: ({ account }) => <AccountLink id={account} known={accountOf(account)} />,
              },
              {
                key: "amount",
                title: t("ledger.amount"),
                figures: true,
                render: ({ account, amount }) => (
                  <Difference asset={accountOf(account)?.asset ?? ""} amount={amount} />
                ),
              },
              ...(hasRefund
                ? [
                    {
                      key: "refund",
                      title: t("ledger.refund_of"),
                      render: ({ refund_of }: { refund_of: string | null }) => refund_of ?? "–",
                    },
                  ]
                : []),
            ]}
          />
        )}
      </Answered>
    </div>
  );
}

interface LinkProps {
  id: number;
  known: { owner_kind: string; owner: string; asset: string; book: string } | undefined;
}

function AccountLink({ id, known }: LinkProps) {
  const words = useLedgerWords();
  const { name } = useCounting(known?.asset ?? "");
  return (
    <Link to={ledgerAccountAddress(id)}>
      {known ? `${words.owner(known)} · ${words.book(known.book)} · ${name}` : "…"}
    </Link>
  );
}

function Difference({ asset, amount }: { asset: string; amount: number }) {
  return useCounting(asset).difference(amount);
}
