import { Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { problemOf } from "@/api/problem";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { Dialog } from "@/components/dialog";
import { Moment } from "@/components/moment";
import { useLabels } from "@/components/use_labels";
import { formatCount } from "@/text/number";
import { formatMoney } from "@/text/value";
import { useOrder } from "./asking";
import { Customer } from "./customer_link";
import styles from "./orders.module.css";

type Order = Schema["OrderNow"];
type Told = Order["events"][number];

// One order: what is known of it now, and what has been told of it.
export function OrderDialog({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation();
  const order = useOrder(id);
  const gone = order.isError && problemOf(order.error).status === 404;
  return (
    <Dialog open wide onClose={onClose} title={t("order.title", { id })}>
      {gone ? (
        <p role="alert">{t("order.gone")}</p>
      ) : (
        <Answered query={order} rows={6}>
          {(data) => (
            <>
              <Facts order={data} />
              <Lines skus={data.sku_list} />
              <h3 className={styles.head}>{t("order.events")}</h3>
              <EventTable events={data.events} />
            </>
          )}
        </Answered>
      )}
    </Dialog>
  );
}

function Facts({ order }: { order: Order }) {
  const { t, i18n } = useTranslation();
  const facts: [string, ReactNode][] = [
    [t("order.customer"), <Customer key="customer" order={order} />],
    [t("order.state_head"), <Tag key="state">{t(`order.state.${order.state}`)}</Tag>],
    [t("order.placed_at"), <Moment key="placed" value={order.placed_at} exact />],
    [t("order.amount"), order.amount === null ? "–" : formatMoney(order.amount)],
    [t("order.paid"), formatMoney(order.paid)],
    [t("order.refunded"), formatMoney(order.refunded)],
    [t("order.items"), order.items === null ? "–" : formatCount(order.items, i18n.language)],
    [t("order.coupon"), order.coupon ?? "–"],
  ];
  return (
    <dl className={styles.facts} data-testid="order">
      {facts.map(([label, fact]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

// What was bought, as the shop has told it.
function Lines({ skus }: { skus: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <>
      <h3 className={styles.head}>{t("order.lines")}</h3>
      {skus.length === 0 ? (
        <p className={styles.note}>{t("order.no_lines")}</p>
      ) : (
        <ul className={styles.lines}>
          {skus.map((sku, index) => (
            <li key={index}>{sku}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function EventTable({ events }: { events: readonly Told[] }) {
  const { t, i18n } = useTranslation();
  const labels = useLabels();
  const rows = events.map((told, index) => ({ ...told, index }));
  const columns: Column<(typeof rows)[number]>[] = [
    { key: "event", title: t("order.event"), render: ({ event }) => labels.event(event) },
    { key: "time", title: t("order.time"), render: ({ time }) => <Moment value={time} exact /> },
    {
      key: "skus",
      title: t("order.lines"),
      render: ({ sku_list }) => sku_list.join(t("value.separator")) || "–",
    },
    {
      key: "items",
      title: t("order.items"),
      figures: true,
      render: ({ items }) => (items === null ? "–" : formatCount(items, i18n.language)),
    },
    {
      key: "amount",
      title: t("order.amount"),
      figures: true,
      render: ({ amount }) => (amount === null ? "–" : formatMoney(amount)),
    },
  ];
  return (
    <DataTable
      label={t("order.events")}
      columns={columns}
      rows={rows}
      keyOf={({ index }) => index}
      empty={t("order.none")}
    />
  );
}
