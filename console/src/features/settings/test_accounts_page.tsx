import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { type Column, DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { customerAddress, customerName } from "@/text/address";

type TestAccount = Schema["TestAccount"];

// Everybody who counts in no figure. The mark is set on a customer's own page.
export default function TestAccountsPage() {
  const { t } = useTranslation();
  const accounts = useQuery({
    queryKey: ["test_accounts"],
    queryFn: ({ signal }) => answerOf(api.GET("/test-accounts", { signal })),
  });
  return (
    <>
      <PageHead title={t("page.test_accounts")} lead={t("settings.part.test_accounts")} />
      <Panel>
        <Answered query={accounts}>{(data) => <Accounts accounts={data.test_accounts} />}</Answered>
      </Panel>
    </>
  );
}

function Accounts({ accounts }: { accounts: readonly TestAccount[] }) {
  const { t } = useTranslation();
  const may = useMay("customers.write");
  const columns: Column<TestAccount>[] = [
    {
      key: "customer",
      title: t("test_account.customer"),
      render: (account) => <Link to={customerAddress(account)}>{account.key}</Link>,
    },
    {
      key: "since",
      title: t("test_account.since"),
      render: ({ since }) => <Moment value={since} exact />,
    },
  ];
  if (may) {
    columns.push({ key: "do", title: "", render: (account) => <Take account={account} /> });
  }
  return (
    <DataTable
      label={t("page.test_accounts")}
      columns={columns}
      rows={accounts}
      keyOf={({ id }) => id}
      empty={t("test_account.none")}
    />
  );
}

function Take({ account }: { account: TestAccount }) {
  const { t } = useTranslation();
  const customer = customerName(account);
  const take = useChange("test_accounts", () =>
    answerOf(api.DELETE("/customers/{customer}/test-account", { params: { path: { customer } } })),
  );
  return (
    <ConfirmButton
      label={t("test_account.take")}
      sentence={t("test_account.take_sentence", { customer: account.key })}
      onConfirm={() => take.mutateAsync(undefined)}
    />
  );
}
