import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { Behind } from "@/components/behind";
import { Choice } from "@/components/choice";
import { type Column, DataTable } from "@/components/data_table";
import { EmptyState } from "@/components/empty_state";
import { DayFields, FilterField, Filters } from "@/components/filters";
import { MaskNote } from "@/components/masks";
import { useOrderColumns } from "@/components/order_columns";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { Totals } from "@/components/totals";
import { formatCount } from "@/text/number";
import { formatMoney } from "@/text/value";
import { STATES, useOrdersAddress } from "./address";
import { type OrderFilter, useOrders, useSummary } from "./asking";
import { Customer } from "./customer_link";
import { OrderDialog } from "./order_dialog";
import styles from "./orders.module.css";

type Order = Schema["Order"];

export function OrdersPage() {
  const { t } = useTranslation();
  const { filter, open, change, close, addressOf } = useOrdersAddress();
  const orders = useOrders(filter);
  return (
    <>
      <PageHead title={t("page.orders")} lead={t("order.lead")} />
      <MaskNote names />
      <Panel>
        <OrderFilters filter={filter} onChange={change} />
        <Sums filter={filter} />
        <Answered query={orders} rows={8}>
          {({ pages }) => (
            <>
              <Behind answer={pages[0]} />
              <OrderTable
                orders={pages.flatMap((page) => page.orders)}
                addressOf={addressOf}
                empty={
                  <Nothing
                    filtered={Object.values(filter).some((value) => value !== "")}
                    onAll={() => change({ state: "", from: "", to: "" })}
                  />
                }
              />
            </>
          )}
        </Answered>
        {orders.hasNextPage && (
          <div className={styles.foot}>
            <Button
              onClick={() => orders.fetchNextPage()}
              loading={orders.isFetchingNextPage}
              data-testid="more_orders"
            >
              {t("person.more_orders")}
            </Button>
          </div>
        )}
      </Panel>
      {open !== "" && <OrderDialog key={open} id={open} onClose={close} />}
    </>
  );
}

interface OrderFiltersProps {
  filter: OrderFilter;
  onChange(changed: Partial<OrderFilter>): void;
}

function OrderFilters({ filter, onChange }: OrderFiltersProps) {
  const { t } = useTranslation();
  return (
    <Filters>
      <FilterField label={t("order.state_head")}>
        {(id) => (
          <Choice
            id={id}
            value={filter.state}
            options={[
              { value: "", label: t("audit.all") },
              ...STATES.map((state) => ({ value: state, label: t(`order.state.${state}`) })),
            ]}
            onChange={(value) => onChange({ state: STATES.find((state) => state === value) ?? "" })}
          />
        )}
      </FilterField>
      <DayFields
        labels={{ from: t("order.from"), to: t("order.to") }}
        value={filter}
        onChange={onChange}
      />
    </Filters>
  );
}

// As the program has added them up, of all pages.
function Sums({ filter }: { filter: OrderFilter }) {
  const { t, i18n } = useTranslation();
  const summary = useSummary(filter);
  const count = (figure: number) => formatCount(figure, i18n.language);
  return (
    <Answered query={summary} rows={2}>
      {({ orders, orders_paid, paid, refunded, net, orders_of_tests }) => (
        <>
          <Totals
            figures={[
              [t("order.orders"), count(orders)],
              [t("order.orders_paid"), count(orders_paid)],
              [t("order.paid"), formatMoney(paid)],
              [t("order.refunded"), formatMoney(refunded)],
              [t("order.net"), formatMoney(net)],
            ]}
          />
          {orders_of_tests > 0 && (
            <p className={styles.note} data-testid="of_tests">
              {t("order.of_tests", { count: orders_of_tests, figure: count(orders_of_tests) })}
            </p>
          )}
        </>
      )}
    </Answered>
  );
}

interface OrderTableProps {
  orders: readonly Order[];
  addressOf(order: string): string;
  empty: ReactNode;
}

function OrderTable({ orders, addressOf, empty }: OrderTableProps) {
  const { t } = useTranslation();
  const columns: Column<Order>[] = [
    {
      key: "id",
      title: t("order.id"),
      render: ({ id }) => (
        <Link to={addressOf(id)} className={styles.id ?? ""}>
          {id}
        </Link>
      ),
    },
    {
      key: "customer",
      title: t("order.customer"),
      render: (order) => <Customer order={order} />,
    },
    ...useOrderColumns(),
  ];
  return (
    <DataTable
      label={t("order.orders")}
      columns={columns}
      rows={orders}
      keyOf={({ id }) => id}
      empty={empty}
    />
  );
}

interface NothingProps {
  filtered: boolean;
  onAll(): void;
}

function Nothing({ filtered, onAll }: NothingProps) {
  const { t } = useTranslation();
  const mayImport = useMay("imports.write");
  if (filtered) {
    return (
      <EmptyState title={t("order.none_fit")} text={t("order.none_fit_text")}>
        <Button onClick={onAll}>{t("order.show_all")}</Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={t("order.none")} text={t("order.none_text")}>
      {mayImport && <Link to="/customers/import">{t("order.to_imports")}</Link>}
    </EmptyState>
  );
}
