import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { DataTable } from "@/components/data_table";
import { formatCount, formatShare } from "@/text/number";
import { formatMoney } from "@/text/value";
import type { Segment } from "./types";
import { useSaid } from "./use_said";

interface Props {
  segments: readonly Segment[];
  addressOf(segment: string): string;
}

// The named groups of cells: how many, what they have brought.
export function RfmSegments({ segments, addressOf }: Props) {
  const { t, i18n } = useTranslation();
  const said = useSaid();
  const all = segments.reduce((sum, { customers }) => sum + customers, 0);
  return (
    <DataTable
      label={t("rfm.segments")}
      rows={segments}
      keyOf={({ key }) => key}
      empty={t("rfm.no_segments")}
      columns={[
        {
          key: "name",
          title: t("rfm.segment"),
          render: ({ key, label }) => <Link to={addressOf(key)}>{said(label)}</Link>,
        },
        {
          key: "customers",
          title: t("river.customers"),
          figures: true,
          render: ({ customers }) => formatCount(customers, i18n.language),
        },
        {
          key: "share",
          title: t("rfm.share"),
          figures: true,
          render: ({ customers }) => formatShare(all === 0 ? 0 : customers / all, i18n.language),
        },
        {
          key: "revenue",
          title: t("rfm.revenue"),
          figures: true,
          render: ({ revenue }) => (revenue === null ? "\u2013" : formatMoney(revenue)),
        },
      ]}
    />
  );
}
