import { Button, Form, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { Choice } from "@/components/choice";
import { DataTable } from "@/components/data_table";
import { EntryDialog, RequiredText } from "@/components/entry_dialog";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { assetAddress } from "@/text/address";
import { isMoney, MONEY_SCALE } from "./amount";
import { type Asset, useAssets } from "./asking";
import styles from "./ledger.module.css";
import { useLedgerWords } from "./words";

const DAY_SECONDS = 86_400;
const GRACE_DAYS_MAX = 400;
const KINDS: readonly Asset["kind"][] = [
  "points",
  "stored_value",
  "commission",
  "stock",
  "prize",
  "coupon_quota",
  "budget",
  "sends",
];

// What is counted. A row leads to the accounts of it.
export function Assets() {
  const { t } = useTranslation();
  const words = useLedgerWords();
  const assets = useAssets();
  const may = useMay("ledger.write");
  const [open, setOpen] = useState<Asset | "new" | null>(null);
  return (
    <Panel
      title={t("ledger.assets")}
      lead={t("ledger.assets_lead")}
      testId="assets"
      actions={may && <Button onClick={() => setOpen("new")}>{t("ledger.add_asset")}</Button>}
    >
      <Answered query={assets} rows={2}>
        {(rows) => (
          <DataTable
            label={t("ledger.assets")}
            rows={rows}
            keyOf={({ id }) => id}
            empty={t("ledger.no_asset")}
            columns={[
              {
                key: "name",
                title: t("ledger.asset"),
                render: (asset) => <Link to={assetAddress(asset.code)}>{words.asset(asset)}</Link>,
              },
              {
                key: "scale",
                title: t("ledger.counted_in"),
                render: ({ kind, scale }) =>
                  isMoney(kind) && scale === MONEY_SCALE
                    ? t("ledger.in_money")
                    : scale === 0
                      ? t("ledger.in_whole")
                      : t("ledger.in_digits", { count: scale }),
              },
              {
                key: "grace",
                title: t("ledger.grace"),
                render: ({ grace_seconds }) => <Grace seconds={grace_seconds} />,
              },
              {
                key: "do",
                title: "",
                render: (asset) =>
                  may && (
                    <div className={styles.actions}>
                      <Button size="small" onClick={() => setOpen(asset)}>
                        {t("ledger.set_grace")}
                      </Button>
                    </div>
                  ),
              },
            ]}
          />
        )}
      </Answered>
      {open === "new" && <NewAssetDialog onClose={() => setOpen(null)} />}
      {open !== null && open !== "new" && (
        <GraceDialog asset={open} onClose={() => setOpen(null)} />
      )}
    </Panel>
  );
}

function Grace({ seconds }: { seconds: number }) {
  const { t } = useTranslation();
  if (seconds === 0) return t("ledger.no_grace");
  return seconds % DAY_SECONDS === 0
    ? t("ledger.grace_days", { count: seconds / DAY_SECONDS })
    : t("ledger.grace_hours", { count: Math.ceil(seconds / 3600) });
}

interface NewValues {
  code: string;
  kind: Asset["kind"];
  grace: number;
}

// Money has two digits, everything else none: what differs is made through the interface.
function NewAssetDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const save = useChange("ledger", ({ code, kind, grace }: NewValues) =>
    answerOf(
      api.POST("/ledger/assets", {
        body: {
          code: code.trim(),
          kind,
          scale: isMoney(kind) ? MONEY_SCALE : 0,
          grace_seconds: (grace ?? 0) * DAY_SECONDS,
        },
      }),
    ),
  );
  return (
    <EntryDialog<NewValues>
      title={t("ledger.add_asset")}
      save={save}
      onClose={onClose}
      initial={{ kind: "points", grace: 0 }}
      about={{ "ledger.bad_name": "code", "ledger.asset_differs": "code" }}
    >
      <Form.Item name="kind" label={t("ledger.asset_kind")} extra={t("ledger.asset_kind_hint")}>
        <Choice
          options={KINDS.map((kind) => ({ value: kind, label: t(`ledger.kinds.${kind}`) }))}
        />
      </Form.Item>
      <RequiredText name="code" label={t("ledger.code")} max={100} hint={t("ledger.code_hint")} />
      <GraceField />
    </EntryDialog>
  );
}

function GraceDialog({ asset, onClose }: { asset: Asset; onClose(): void }) {
  const { t } = useTranslation();
  const words = useLedgerWords();
  const save = useChange("ledger", ({ grace }: { grace: number }) => {
    const body: Schema["AssetChange"] = { grace_seconds: (grace ?? 0) * DAY_SECONDS };
    return answerOf(api.PATCH("/ledger/assets/{id}", { params: { path: { id: asset.id } }, body }));
  });
  return (
    <EntryDialog<{ grace: number }>
      title={`${t("ledger.set_grace")} · ${words.asset(asset)}`}
      save={save}
      onClose={onClose}
      initial={{ grace: Math.ceil(asset.grace_seconds / DAY_SECONDS) }}
    >
      <GraceField />
    </EntryDialog>
  );
}

function GraceField() {
  const { t } = useTranslation();
  return (
    <Form.Item name="grace" label={t("ledger.grace_in_days")} extra={t("ledger.grace_hint")}>
      <InputNumber min={0} max={GRACE_DAYS_MAX} precision={0} />
    </Form.Item>
  );
}
