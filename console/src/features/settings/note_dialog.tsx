import { Button, Checkbox, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Dialog } from "@/components/dialog";
import { ProblemAlert } from "@/components/problem_alert";

type Change = Schema["FieldNoteChange"];
type Note = Required<Schema["LabelChange"]> & Pick<Change, "personal">;

interface Props {
  // As it was written; without `personal` what it is of is never.
  field: Note & { name: string };
  // What it is called where nothing is written; undefined: by its name.
  hints?: Schema["LabelChange"];
  save: {
    isError: boolean;
    error: unknown;
    isPending: boolean;
    mutate(change: Change, options: { onSuccess(): void }): void;
  };
  onClose(): void;
}

// What was not touched is not sent: somebody else may have changed it meanwhile.
function changeOf(opened: Note, { label_zh, label_en, personal }: Note): Change {
  return {
    ...(label_zh !== opened.label_zh && { label_zh }),
    ...(label_en !== opened.label_en && { label_en }),
    ...(personal !== undefined && personal !== opened.personal && { personal }),
  };
}

// What an event, an attribute or a property is called, and whether it is personal.
export function NoteDialog({ field, hints, save, onClose }: Props) {
  const { t } = useTranslation();
  const [opened] = useState(field);
  return (
    <Dialog open onClose={onClose} title={t("vocabulary.note_of", { name: field.name })}>
      {save.isError && <ProblemAlert error={save.error} />}
      <Form<Note>
        layout="vertical"
        requiredMark={false}
        initialValues={opened}
        onFinish={(note) => save.mutate(changeOf(opened, note), { onSuccess: onClose })}
      >
        <Form.Item name="label_zh" label={t("vocabulary.label_zh")}>
          <Input maxLength={33} autoComplete="off" placeholder={hints?.label_zh ?? field.name} />
        </Form.Item>
        <Form.Item name="label_en" label={t("vocabulary.label_en")}>
          <Input maxLength={100} autoComplete="off" placeholder={hints?.label_en ?? field.name} />
        </Form.Item>
        {field.personal !== undefined && (
          <Form.Item name="personal" valuePropName="checked" extra={t("vocabulary.personal_hint")}>
            <Checkbox>{t("vocabulary.personal")}</Checkbox>
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("dialog.save")}
        </Button>
      </Form>
    </Dialog>
  );
}
