import { Checkbox, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { usePermissions } from "@/components/permissions";
import { type Making, NewKeyDialog } from "./new_key_dialog";
import styles from "./settings.module.css";

interface Values {
  name: string;
  scopes: string[];
  until?: string;
}

// Not `required`: a group of boxes has no such mark.
const someOf = (message: string) => (_: unknown, chosen: string[] | undefined) =>
  chosen && chosen.length > 0 ? Promise.resolve() : Promise.reject(new Error(message));

// Nobody can give a key more than they may themselves.
export function KeyDialog(making: Making) {
  const { t } = useTranslation();
  const permissions = usePermissions();
  return (
    <NewKeyDialog<Values>
      {...making}
      title={t("keys.create")}
      nameHint={t("keys.name_hint")}
      submit={t("keys.create")}
      keyOf={({ until, ...key }) => ({ ...key, ...(until ? { expires_at: until } : {}) })}
    >
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
    </NewKeyDialog>
  );
}
