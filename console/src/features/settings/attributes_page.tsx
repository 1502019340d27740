import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Form, Input } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { Choice } from "@/components/choice";
import { DataTable } from "@/components/data_table";
import { Dialog } from "@/components/dialog";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { labelOf } from "@/text/label";
import { formatCount } from "@/text/number";
import { NoteDialog } from "./note_dialog";
import { useTypeOptions } from "./property_fields";
import styles from "./settings.module.css";
import { useNoteChange } from "./use_note_change";

export default function AttributesPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("page.attributes")} lead={t("settings.part.attributes")} />
      <Attributes />
      <IdentityKinds />
      <Purposes />
    </>
  );
}

function Attributes() {
  const { t, i18n } = useTranslation();
  const types = useTypeOptions();
  const attributes = useQuery({
    queryKey: ["attributes"],
    queryFn: ({ signal }) => answerOf(api.GET("/attributes", { signal })),
  });
  const declare = useChange("attributes", (body: Schema["NewAttribute"]) =>
    answerOf(api.POST("/attributes", { body })),
  );
  return (
    <Panel
      title={t("vocabulary.attributes")}
      actions={
        <Declaration
          title={t("vocabulary.declare_attribute")}
          initial={{ name: "", type: "text" }}
          declare={declare}
        >
          <Form.Item name="type" label={t("vocabulary.type")}>
            <Choice options={types} />
          </Form.Item>
        </Declaration>
      }
    >
      <Answered query={attributes}>
        {(data) => (
          <DataTable
            label={t("vocabulary.attributes")}
            rows={data.attributes}
            keyOf={({ id }) => id}
            empty={t("vocabulary.no_attributes")}
            columns={[
              {
                key: "name",
                title: t("vocabulary.name"),
                render: (attribute) => <AttributeName attribute={attribute} />,
              },
              {
                key: "type",
                title: t("vocabulary.type"),
                render: ({ type }) => t(`value_type.${type}`),
              },
              {
                key: "personal",
                title: t("vocabulary.personal"),
                render: ({ personal }) => (personal ? t("value.yes") : t("value.no")),
              },
              {
                key: "wrong",
                title: t("vocabulary.wrong_values"),
                figures: true,
                render: ({ wrong_values }) => formatCount(wrong_values, i18n.language),
              },
              {
                key: "do",
                title: "",
                render: (attribute) => <AttributeNote attribute={attribute} />,
              },
            ]}
          />
        )}
      </Answered>
    </Panel>
  );
}

function AttributeName({ attribute }: { attribute: Schema["Attribute"] }) {
  const { i18n } = useTranslation();
  const label = labelOf(attribute, i18n.language);
  return (
    <>
      {label}
      {label !== attribute.name && <small className={styles.more}>{attribute.name}</small>}
    </>
  );
}

function AttributeNote({ attribute }: { attribute: Schema["Attribute"] }) {
  const { t } = useTranslation();
  const may = useMay("customers.declare");
  const [open, setOpen] = useState(false);
  const save = useNoteChange("attributes", (body) =>
    answerOf(api.PATCH("/attributes/{id}", { params: { path: { id: attribute.id } }, body })),
  );
  if (!may) return null;
  return (
    <>
      <Button
        size="small"
        aria-label={`${t("vocabulary.note")} ${attribute.name}`}
        onClick={() => setOpen(true)}
      >
        {t("vocabulary.note")}
      </Button>
      {open && <NoteDialog field={attribute} save={save} onClose={() => setOpen(false)} />}
    </>
  );
}

function IdentityKinds() {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  const kinds = useQuery({
    queryKey: ["identity-kinds"],
    queryFn: ({ signal }) => answerOf(api.GET("/identity-kinds", { signal })),
  });
  const declare = useChange("identity-kinds", (body: Schema["NewIdentityKind"]) =>
    answerOf(api.POST("/identity-kinds", { body })),
  );
  const labelOf = (name: string) =>
    i18n.exists(`person.identity.${name}`) ? say(`person.identity.${name}`) : name;
  const forms = (["plain", "phone", "email"] as const).map((form) => ({
    value: form as string,
    label: t(`vocabulary.form.${form}`),
  }));
  return (
    <Panel
      title={t("vocabulary.identity_kinds")}
      lead={t("vocabulary.identity_text")}
      actions={
        <Declaration
          title={t("vocabulary.declare_identity")}
          initial={{ name: "", form: "plain", one_per_person: false }}
          declare={declare}
        >
          <Form.Item name="form" label={t("vocabulary.compared")}>
            <Choice options={forms} />
          </Form.Item>
          <Form.Item name="one_per_person" valuePropName="checked">
            <Checkbox>{t("vocabulary.one_per_person")}</Checkbox>
          </Form.Item>
        </Declaration>
      }
    >
      <Answered query={kinds}>
        {(data) => (
          <DataTable
            label={t("vocabulary.identity_kinds")}
            rows={data.identity_kinds}
            keyOf={({ id }) => id}
            empty={t("person.none")}
            columns={[
              { key: "name", title: t("vocabulary.name"), render: ({ name }) => labelOf(name) },
              {
                key: "form",
                title: t("vocabulary.compared"),
                render: ({ form }) => t(`vocabulary.form.${form}`),
              },
              {
                key: "one",
                title: t("vocabulary.one_per_person"),
                render: ({ one_per_person }) => (one_per_person ? t("value.yes") : t("value.no")),
              },
            ]}
          />
        )}
      </Answered>
    </Panel>
  );
}

function Purposes() {
  const { t } = useTranslation();
  const purposes = useQuery({
    queryKey: ["consent-purposes"],
    queryFn: ({ signal }) => answerOf(api.GET("/consent-purposes", { signal })),
  });
  const declare = useChange("consent-purposes", (body: Schema["NewConsentPurpose"]) =>
    answerOf(api.POST("/consent-purposes", { body })),
  );
  return (
    <Panel
      title={t("vocabulary.purposes")}
      lead={t("vocabulary.purposes_text")}
      actions={
        <Declaration
          title={t("vocabulary.declare_purpose")}
          initial={{ name: "" }}
          declare={declare}
        />
      }
    >
      <Answered query={purposes}>
        {(data) => (
          <>
            <DataTable
              label={t("vocabulary.purposes")}
              rows={data.purposes}
              keyOf={({ name }) => name}
              empty={t("vocabulary.no_purposes")}
              columns={[{ key: "name", title: t("vocabulary.name"), render: ({ name }) => name }]}
            />
            <p>
              {t("vocabulary.channels", { channels: data.channels.join(t("value.separator")) })}
            </p>
          </>
        )}
      </Answered>
    </Panel>
  );
}

interface DeclarationProps<Values> {
  title: string;
  initial: Values;
  declare: {
    isError: boolean;
    error: unknown;
    isPending: boolean;
    mutate(values: Values, options: { onSuccess(): void }): void;
    reset(): void;
  };
  children?: ReactNode;
}

// A button, and the form behind it: a name and what else belongs to it.
function Declaration<Values extends { name: string }>({
  title,
  initial,
  declare,
  children,
}: DeclarationProps<Values>) {
  const { t } = useTranslation();
  const may = useMay("customers.declare");
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    declare.reset();
  };
  if (!may) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{title}</Button>
      <Dialog open={open} onClose={close} title={title}>
        {declare.isError && <ProblemAlert error={declare.error} />}
        <Form
          layout="vertical"
          requiredMark={false}
          initialValues={initial}
          onFinish={(values) => declare.mutate(values as Values, { onSuccess: close })}
        >
          <Form.Item
            name="name"
            label={t("vocabulary.name")}
            rules={[{ required: true, whitespace: true, message: t("vocabulary.name_missing") }]}
          >
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
          {children}
          <Button type="primary" htmlType="submit" loading={declare.isPending}>
            {t("vocabulary.declare")}
          </Button>
        </Form>
      </Dialog>
    </>
  );
}
