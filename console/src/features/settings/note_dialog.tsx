import { Button, Checkbox, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Dialog } from "@/components/dialog";
import { ProblemAlert } from "@/components/problem_alert";

type Note = Required<Schema["FieldNoteChange"]>;

interface Props {
  field: Pick<Schema["FieldName"], "name" | keyof Note>;
  save: {
    isError: boolean;
    error: unknown;
    isPending: boolean;
    mutate(note: Note, options: { onSuccess(): void }): void;
  };
  onClose(): void;
}

// What an attribute or a property is called, and whether it is personal.
export function NoteDialog({ field, save, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog open onClose={onClose} title={t("vocabulary.note_of", { name: field.name })}>
      {save.isError && <ProblemAlert error={save.error} />}
      <Form<Note>
        layout="vertical"
        requiredMark={false}
        initialValues={field}
        onFinish={({ label_zh, label_en, personal }) =>
          save.mutate({ label_zh, label_en, personal }, { onSuccess: onClose })
        }
      >
        <Form.Item name="label_zh" label={t("vocabulary.label_zh")}>
          <Input maxLength={33} autoComplete="off" placeholder={field.name} />
        </Form.Item>
        <Form.Item name="label_en" label={t("vocabulary.label_en")}>
          <Input maxLength={100} autoComplete="off" placeholder={field.name} />
        </Form.Item>
        <Form.Item name="personal" valuePropName="checked" extra={t("vocabulary.personal_hint")}>
          <Checkbox>{t("vocabulary.personal")}</Checkbox>
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("dialog.save")}
        </Button>
      </Form>
    </Dialog>
  );
}
