import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import { VALUE_TYPES } from "@/text/value";
import styles from "./settings.module.css";

export function useTypeOptions() {
  const { t } = useTranslation();
  return VALUE_TYPES.map((type) => ({ value: type as string, label: t(`value_type.${type}`) }));
}

// Names with their types, as many as wanted, within a form: its value `properties`.
export function PropertyFields() {
  const { t } = useTranslation();
  const types = useTypeOptions();
  return (
    <Form.List name="properties">
      {(fields, { add, remove }) => (
        <div className={styles.properties}>
          {fields.map(({ key, name }) => (
            <div key={key} className={styles.property}>
              <Form.Item
                name={[name, "name"]}
                noStyle
                rules={[
                  { required: true, whitespace: true, message: t("vocabulary.name_missing") },
                ]}
              >
                <Input aria-label={t("vocabulary.property")} maxLength={200} autoComplete="off" />
              </Form.Item>
              <Form.Item name={[name, "type"]} noStyle>
                <Choice aria-label={t("vocabulary.type")} options={types} />
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t("vocabulary.remove")}
                onClick={() => remove(name)}
              />
            </div>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => add({ name: "", type: "text" })}>
            {t("vocabulary.add_property")}
          </Button>
        </div>
      )}
    </Form.List>
  );
}
