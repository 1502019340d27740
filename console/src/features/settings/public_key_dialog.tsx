import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { type Making, NewKeyDialog } from "./new_key_dialog";
import { ORIGINS_MAX, originsFrom } from "./origins";

interface Values {
  name: string;
  origins: string;
}

export function PublicKeyDialog(making: Making) {
  const { t } = useTranslation();
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
    <NewKeyDialog<Values>
      {...making}
      title={t("keys.public.create")}
      nameHint={t("keys.public.name_hint")}
      submit={t("keys.public.create_submit")}
      keyOf={({ name, origins }) => ({
        name,
        scopes: ["events.track"],
        write_only: true,
        origins: originsFrom(origins) ?? [],
      })}
    >
      <Form.Item
        name="origins"
        label={t("keys.origins")}
        extra={t("keys.public.origins_hint")}
        validateTrigger="onSubmit"
        rules={[{ validator: check }]}
      >
        <Input.TextArea rows={3} placeholder={t("keys.public.origin_example")} spellCheck={false} />
      </Form.Item>
    </NewKeyDialog>
  );
}
