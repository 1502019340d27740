import { Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { EntryDialog, RequiredText } from "@/components/entry_dialog";
import { amountFrom } from "./amount";
import styles from "./ledger.module.css";
import type { Counting } from "./words";

interface Props {
  account: Schema["LedgerAccountDetail"];
  counting: Counting;
  onClose(): void;
}

interface Values {
  difference: string;
  why: string;
  expires?: string;
}

const ABOUT = {
  "ledger.short_of_funds": "difference",
  "ledger.bad_amount": "difference",
  "ledger.out_of_range": "difference",
  "ledger.bad_why": "why",
  "ledger.bad_moment": "expires",
  "ledger.bad_term": "expires",
};

// By a difference, never to a number: what was sold since the page was opened stays sold. The id is
// made when the dialog opens, so that a second click changes nothing.
export function AdjustDialog({ account, counting, onClose }: Props) {
  const { t } = useTranslation();
  const { scale } = counting;
  const [id] = useState(() => `console/${crypto.randomUUID()}`);
  const save = useChange("ledger", ({ difference, why, expires = "" }: Values) =>
    answerOf(
      api.POST("/ledger/accounts/{id}/adjustments", {
        params: { path: { id: account.id } },
        body: {
          id,
          why: why.trim(),
          difference: amountFrom(difference, scale) ?? 0,
          ...(expires === "" ? {} : { expires }),
        },
      }),
    ),
  );
  const difference = {
    validator: async (_: unknown, text: string | undefined) => {
      if (!amountFrom(text ?? "", scale)) {
        throw new Error(t(scale === 0 ? "ledger.no_whole" : "ledger.no_amount", { count: scale }));
      }
    },
  };
  return (
    <EntryDialog<Values>
      title={t("ledger.adjust")}
      save={save}
      onClose={onClose}
      initial={{}}
      about={ABOUT}
    >
      <Form.Item
        name="difference"
        label={t("ledger.difference")}
        extra={t("ledger.difference_hint")}
        rules={[difference]}
      >
        <Input maxLength={20} autoComplete="off" placeholder={scale === 0 ? "-3" : "-12.50"} />
      </Form.Item>
      <Form.Item noStyle shouldUpdate>
        {({ getFieldValue }) => (
          <Outcome
            account={account}
            counting={counting}
            difference={amountFrom(getFieldValue("difference") ?? "", scale) ?? 0}
          />
        )}
      </Form.Item>
      <RequiredText name="why" label={t("ledger.why")} max={200} hint={t("ledger.why_hint")} />
      {account.has_lots && (
        <Form.Item name="expires" label={t("ledger.expires")} extra={t("ledger.expires_hint")}>
          <Input type="datetime-local" step="any" />
        </Form.Item>
      )}
    </EntryDialog>
  );
}

// What will be there, before anything is done.
function Outcome({
  account,
  counting,
  difference,
}: Omit<Props, "onClose"> & { difference: number }) {
  const { t } = useTranslation();
  return (
    <p className={styles.outcome} role="status" data-testid="outcome">
      {t("ledger.outcome", {
        before: counting.amount(account.free),
        after: counting.amount(account.free + difference),
      })}
    </p>
  );
}
