import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api } from "@/api/client";
import { Dialog } from "@/components/dialog";
import { ProblemAlert } from "@/components/problem_alert";
import { ORIGINS_MAX, originsFrom } from "./origins";
import { useChange } from "./use_change";

interface Values {
  name: string;
  origins: string;
}

interface Props {
  onClose(): void;
  onSecret(secret: string): void;
}

export function PublicKeyDialog({ onClose, onSecret }: Props) {
  const { t } = useTranslation();
  const create = useChange("keys", async ({ name, origins }: Values) => {
    const body = {
      name,
      scopes: ["events.track"],
      write_only: true,
      origins: originsFrom(origins) ?? [],
    };
    onSecret((await answerOf(api.POST("/keys", { body }))).secret);
  });
  const check = (_: unknown, text = "") => {
    const origins = originsFrom(text);
    const wrong =
      origins === null
        ? t("keys.public.origin_wrong")
        : origins.length === 0
          ? t("keys.public.origin_missing")
          : origins.length > ORIGINS_MAX
            ? t("keys.public.origin_many", { count: ORIGINS_MAX })
            : null;
    return wrong === null ? Promise.resolve() : Promise.reject(new Error(wrong));
  };
  return (
    <Dialog open onClose={onClose} title={t("keys.public.create")}>
      {create.isError && <ProblemAlert error={create.error} />}
      <Form<Values>
        layout="vertical"
        requiredMark={false}
        onFinish={(values) => create.mutate(values, { onSuccess: onClose })}
      >
        <Form.Item
          name="name"
          label={t("keys.name")}
          extra={t("keys.public.name_hint")}
          rules={[{ required: true, whitespace: true, message: t("keys.name_missing") }]}
        >
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="origins"
          label={t("keys.origins")}
          extra={t("keys.public.origins_hint")}
          validateTrigger="onSubmit"
          rules={[{ validator: check }]}
        >
          <Input.TextArea
            rows={3}
            placeholder={t("keys.public.origin_example")}
            spellCheck={false}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t("keys.public.create_submit")}
        </Button>
      </Form>
    </Dialog>
  );
}
