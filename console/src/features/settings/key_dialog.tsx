import { Button, Checkbox, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api } from "@/api/client";
import { Dialog } from "@/components/dialog";
import { usePermissions } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import styles from "./settings.module.css";
import { useChange } from "./use_change";

interface Values {
  name: string;
  scopes: string[];
  until?: string;
}

interface Props {
  onClose(): void;
  onSecret(secret: string): void;
}

// Not `required`: a group of boxes has no such mark.
const someOf = (message: string) => (_: unknown, chosen: string[] | undefined) =>
  chosen && chosen.length > 0 ? Promise.resolve() : Promise.reject(new Error(message));

// Nobody can give a key more than they may themselves.
export function KeyDialog({ onClose, onSecret }: Props) {
  const { t } = useTranslation();
  const permissions = usePermissions();
  const create = useChange("keys", async ({ name, scopes, until }: Values) => {
    const body = { name, scopes, ...(until ? { expires_at: until } : {}) };
    onSecret((await answerOf(api.POST("/keys", { body }))).secret);
  });
  return (
    <Dialog open onClose={onClose} title={t("keys.create")}>
      {create.isError && <ProblemAlert error={create.error} />}
      <Form<Values>
        layout="vertical"
        requiredMark={false}
        onFinish={(values) => create.mutate(values, { onSuccess: onClose })}
      >
        <Form.Item
          name="name"
          label={t("keys.name")}
          extra={t("keys.name_hint")}
          rules={[{ required: true, whitespace: true, message: t("keys.name_missing") }]}
        >
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="scopes"
          label={t("keys.scopes")}
          rules={[{ validator: someOf(t("keys.scopes_missing")) }]}
        >
          <Checkbox.Group className={styles.scopes ?? ""}>
            {permissions.map((permission) => (
              <Checkbox key={permission} value={permission}>
                {t(`permission.${permission}`)}
              </Checkbox>
            ))}
          </Checkbox.Group>
        </Form.Item>
        <Form.Item name="until" label={t("keys.until_field")}>
          <Input type="date" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t("keys.create")}
        </Button>
      </Form>
    </Dialog>
  );
}
