import { useTranslation } from "react-i18next";
import { PageHead } from "@/components/page_head";
import { Accounts } from "./accounts";
import { Assets } from "./assets";
import { Books } from "./books";
import { Causes } from "./causes";

// The ledger (账本): whether it balances, what is counted, accounts of an owner or an asset, what a
// cause has moved.
export default function LedgerPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("page.ledger")} lead={t("ledger.lead")} />
      <Books />
      <Assets />
      <Accounts />
      <Causes />
    </>
  );
}
