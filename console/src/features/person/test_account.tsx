// Whether what a person does counts: the mark, and the button that sets or takes it.
import { Button, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { Moment } from "@/components/moment";
import { customerName } from "@/text/address";
import { useRecordChange } from "./record_change";

interface Props {
  record: Schema["Customer"];
}

export function TestAccountMark({ record: { test_account } }: Props) {
  const { t } = useTranslation();
  if (test_account === null) return null;
  return (
    <>
      {" "}
      · <Tag>{t("test_account.mark")}</Tag>
      {t("test_account.sentence")} · <Moment value={test_account.since} exact brief />
    </>
  );
}

export function TestAccountButton({ record }: Props) {
  const { t } = useTranslation();
  const params = { path: { customer: customerName(record) } };
  const change = useRecordChange((is_test: boolean) =>
    answerOf(
      is_test
        ? api.PUT("/customers/{customer}/test-account", { params })
        : api.DELETE("/customers/{customer}/test-account", { params }),
    ),
  );
  const isTest = record.test_account !== null;
  return (
    <Button
      loading={change.isPending}
      title={t("test_account.sentence")}
      onClick={() => change.mutate(!isTest)}
    >
      {t(isTest ? "test_account.take" : "test_account.set")}
    </Button>
  );
}
