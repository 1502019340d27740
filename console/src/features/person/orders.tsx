import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { Behind } from "@/components/behind";
import { type Column, DataTable } from "@/components/data_table";
import { useOrderColumns } from "@/components/order_columns";
import { Totals } from "@/components/totals";
import { orderAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { formatMoney } from "@/text/value";
import { useOrders } from "./records";

type Order = Schema["Order"];

export function Orders({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const orders = useOrders(customer);
  return (
    <Answered query={orders} rows={4}>
      {({ pages }) => (
        <>
          {pages[0] && <Sums totals={pages[0].totals} />}
          <Behind answer={pages[0]} />
          <OrderTable orders={pages.flatMap((page) => page.orders)} />
          {orders.hasNextPage && (
            <Button onClick={() => orders.fetchNextPage()} loading={orders.isFetchingNextPage}>
              {t("person.more_orders")}
            </Button>
          )}
        </>
      )}
    </Answered>
  );
}

function Sums({ totals }: { totals: Schema["CustomerOrders"]["totals"] }) {
  const { t, i18n } = useTranslation();
  const figures: [string, string][] = [
    [t("order.orders_paid"), formatCount(totals.orders_paid, i18n.language)],
    [t("order.paid"), formatMoney(totals.paid)],
    [t("order.refunded"), formatMoney(totals.refunded)],
    [t("order.net"), formatMoney(totals.net)],
  ];
  return <Totals figures={figures} />;
}

function OrderTable({ orders }: { orders: readonly Order[] }) {
  const { t } = useTranslation();
  const columns: Column<Order>[] = [
    {
      key: "id",
      title: t("order.id"),
      render: ({ id }) => <Link to={orderAddress(id)}>{id}</Link>,
    },
    ...useOrderColumns(),
  ];
  return (
    <DataTable
      label={t("order.orders")}
      columns={columns}
      rows={orders}
      keyOf={({ id }) => id}
      empty={t("order.none")}
    />
  );
}
