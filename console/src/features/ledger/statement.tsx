import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { MoreRows } from "@/components/more_rows";
import { Panel } from "@/components/panel";
import { bundleAddress } from "@/text/address";
import { useStatement } from "./asking";
import styles from "./ledger.module.css";
import { type Counting, useLedgerWords } from "./words";

// What came in and went out, newest first, with the balance after each.
export function Statement({ id, counting }: { id: number; counting: Counting }) {
  const { t } = useTranslation();
  const words = useLedgerWords();
  const statement = useStatement(id);
  const columns: Column<Schema["StatementRow"]>[] = [
    {
      key: "why",
      title: t("ledger.why"),
      render: ({ why, bundle }) => <Link to={bundleAddress(why, bundle)}>{words.cause(why)}</Link>,
    },
    { key: "entered", title: t("ledger.entered_at"), render: (row) => <When row={row} /> },
    {
      key: "amount",
      title: t("ledger.amount"),
      figures: true,
      render: ({ amount }) => counting.difference(amount),
    },
    {
      key: "balance",
      title: t("ledger.after"),
      figures: true,
      render: ({ balance }) => counting.amount(balance),
    },
  ];
  return (
    <Panel title={t("ledger.statement")} lead={t("ledger.statement_lead")} testId="statement">
      <Answered query={statement}>
        {({ pages }) => (
          <>
            <DataTable
              label={t("ledger.statement")}
              columns={columns}
              rows={pages.flatMap((page) => page.rows)}
              keyOf={({ sequence }) => sequence}
              empty={t("ledger.no_posting")}
            />
            <MoreRows pages={statement} />
          </>
        )}
      </Answered>
    </Panel>
  );
}

// When it was entered; since when it is true only where that is another moment.
function When({ row }: { row: Schema["StatementRow"] }) {
  const { t } = useTranslation();
  return (
    <>
      <Moment value={row.entered_at} exact />
      {row.effective_at !== row.entered_at && (
        <div className={styles.quiet}>
          {t("ledger.effective_since")} <Moment value={row.effective_at} exact />
        </div>
      )}
    </>
  );
}
