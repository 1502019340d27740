import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { formatCount } from "@/text/number";
import { formatMoney } from "@/text/value";
import type { Column } from "./data_table";
import { Moment } from "./moment";

// What is said of an order wherever orders are listed, behind whose and which it is.
export function useOrderColumns(): Column<Schema["Order"]>[] {
  const { t, i18n } = useTranslation();
  return [
    {
      key: "placed",
      title: t("order.placed_at"),
      render: ({ placed_at }) => <Moment value={placed_at} exact brief />,
    },
    {
      key: "state",
      title: t("order.state_head"),
      render: ({ state }) => <Tag>{t(`order.state.${state}`)}</Tag>,
    },
    {
      key: "items",
      title: t("order.items"),
      figures: true,
      render: ({ items }) => (items === null ? "–" : formatCount(items, i18n.language)),
    },
    {
      key: "paid",
      title: t("order.paid"),
      figures: true,
      render: ({ paid }) => formatMoney(paid),
    },
    {
      key: "refunded",
      title: t("order.refunded"),
      figures: true,
      render: ({ refunded }) => formatMoney(refunded),
    },
  ];
}
