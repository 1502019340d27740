import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ActorName } from "@/components/actor_name";
import { DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { customerAddress } from "@/text/address";
import type { Review } from "./asking";
import { useThing } from "./use_thing";

// What people have decided: of whom, what, by whom, when.
export function Decided({ reviews }: { reviews: readonly Review[] }) {
  const { t } = useTranslation();
  const thingOf = useThing();
  return (
    <DataTable
      label={t("reviews.state.decided")}
      rows={reviews}
      keyOf={({ id }) => id}
      empty={t("reviews.none_decided")}
      columns={[
        {
          key: "who",
          title: t("reviews.of"),
          render: ({ survivor, survivor_id, gone, gone_id }) => (
            <>
              <Customer id={survivor_id} name={survivor} /> · <Customer id={gone_id} name={gone} />
            </>
          ),
        },
        { key: "what", title: t("reviews.about"), render: (review) => thingOf(review) },
        {
          key: "decision",
          title: t("reviews.decision"),
          render: (review) => t(`reviews.decided.${decisionOf(review)}`),
        },
        {
          key: "by",
          title: t("reviews.by"),
          render: ({ decided_by }) =>
            decided_by === null ? "–" : <ActorName actor={decided_by} />,
        },
        {
          key: "at",
          title: t("reviews.at"),
          render: ({ decided_at }) => (decided_at === null ? "–" : <Moment value={decided_at} />),
        },
      ]}
    />
  );
}

const decisionOf = ({ decision, merged }: Review) => {
  if (decision === "keep_apart") return merged ? "parted" : "apart";
  return merged ? "stayed" : "merged";
};

function Customer({ id, name }: { id: number; name: string }) {
  return <Link to={customerAddress({ id })}>{name}</Link>;
}
