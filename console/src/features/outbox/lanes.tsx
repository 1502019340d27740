import { Button, Form, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { DataTable } from "@/components/data_table";
import { EntryDialog } from "@/components/entry_dialog";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { type Lane, useLanes } from "./asking";
import styles from "./outbox.module.css";
import { useWhere } from "./where";

type Pace = Pick<Lane, "count" | "in_seconds" | "burst">;
const PACE = [
  { name: "count", max: 1_000_000 },
  { name: "in_seconds", max: 86_400 },
  { name: "burst", max: 1_000_000 },
] as const;

// Every way out, and how fast it may go.
export function Lanes() {
  const { t } = useTranslation();
  const lanes = useLanes();
  const where = useWhere();
  const may = useMay("settings.write");
  const [open, setOpen] = useState<Lane | null>(null);
  return (
    <Panel title={t("outbox.lanes")} lead={t("outbox.lanes_lead")} testId="lanes">
      <Answered query={lanes} rows={2}>
        {(data) => (
          <DataTable
            label={t("outbox.lanes")}
            rows={data.lanes}
            keyOf={({ id }) => id}
            empty={t("outbox.no_lane")}
            columns={[
              { key: "where", title: t("outbox.to"), render: ({ id }) => where(id) },
              {
                key: "pace",
                title: t("outbox.pace"),
                render: (lane) =>
                  t(lane.in_seconds === 1 ? "outbox.pace_a_second" : "outbox.pace_is", { ...lane }),
              },
              {
                key: "do",
                title: "",
                render: (lane) =>
                  may && (
                    <div className={styles.actions}>
                      <Button size="small" onClick={() => setOpen(lane)}>
                        {t("users.edit")}
                      </Button>
                    </div>
                  ),
              },
            ]}
          />
        )}
      </Answered>
      {open && <PaceDialog lane={open} name={where(open.id)} onClose={() => setOpen(null)} />}
    </Panel>
  );
}

interface DialogProps {
  lane: Lane;
  name: string;
  onClose(): void;
}

function PaceDialog({ lane, name, onClose }: DialogProps) {
  const { t } = useTranslation();
  const save = useChange("outbox", (body: Pace) =>
    answerOf(api.PATCH("/outbox/lanes/{id}", { params: { path: { id: lane.id } }, body })),
  );
  return (
    <EntryDialog<Pace>
      title={t("outbox.pace_for", { name })}
      save={save}
      onClose={onClose}
      initial={lane}
      about={{ "outbox.bad_lane": "count" }}
    >
      {PACE.map((each) => (
        <Form.Item
          key={each.name}
          name={each.name}
          label={t(`outbox.pace_of.${each.name}`)}
          rules={[{ required: true, message: t("stores.missing") }]}
        >
          <InputNumber min={1} max={each.max} precision={0} />
        </Form.Item>
      ))}
    </EntryDialog>
  );
}
