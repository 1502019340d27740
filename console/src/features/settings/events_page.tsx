import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { Dialog } from "@/components/dialog";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { labelOf } from "@/text/label";
import { formatCount } from "@/text/number";
import { NoteDialog } from "./note_dialog";
import { PropertyFields } from "./property_fields";
import styles from "./settings.module.css";
import { useNoteChange } from "./use_note_change";

type EventType = Schema["EventType"];

export default function EventsPage() {
  const { t } = useTranslation();
  const may = useMay("events.declare");
  const [text, setText] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const types = useQuery({
    queryKey: ["event-types"],
    queryFn: ({ signal }) => answerOf(api.GET("/event-types", { signal })),
  });
  const wanted = text.trim().toLowerCase();
  const matches = ({ name, label_zh, label_en }: EventType) =>
    `${name} ${label_zh} ${label_en}`.toLowerCase().includes(wanted);
  return (
    <>
      <PageHead
        title={t("page.events")}
        lead={t("settings.part.events")}
        actions={
          may && (
            <Button type="primary" onClick={() => setOpen("")}>
              {t("vocabulary.declare_event")}
            </Button>
          )
        }
      />
      <Panel>
        <div className={styles.filter}>
          <Input
            type="search"
            aria-label={t("vocabulary.find")}
            placeholder={t("vocabulary.find")}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <Answered query={types} rows={8}>
          {(data) => (
            <EventTypes types={data.event_types.filter(matches)} onAdd={may ? setOpen : null} />
          )}
        </Answered>
      </Panel>
      {open !== null && <EventDialog name={open} onClose={() => setOpen(null)} />}
    </>
  );
}

interface EventTypesProps {
  types: readonly EventType[];
  // null: not allowed.
  onAdd: ((name: string) => void) | null;
}

function EventTypes({ types, onAdd }: EventTypesProps) {
  const { t, i18n } = useTranslation();
  const [named, setNamed] = useState<EventType | null>(null);
  const columns: Column<EventType>[] = [
    {
      key: "name",
      title: t("vocabulary.event"),
      render: (type) => (
        <>
          {labelOf(type, i18n.language)}
          <small className={styles.more}>{type.name}</small>
        </>
      ),
    },
    {
      key: "properties",
      title: t("vocabulary.properties"),
      render: (type) => <Properties type={type} />,
    },
    {
      key: "wrong",
      title: t("vocabulary.wrong_values"),
      figures: true,
      render: ({ properties }) =>
        formatCount(
          properties.reduce((sum, { wrong_values }) => sum + wrong_values, 0),
          i18n.language,
        ),
    },
  ];
  if (onAdd) {
    columns.push({
      key: "do",
      title: "",
      render: (type) => (
        <div className={styles.actions}>
          <Button size="small" onClick={() => onAdd(type.name)}>
            {t("vocabulary.add_property")}
          </Button>
          <Button size="small" onClick={() => setNamed(type)}>
            {t("vocabulary.rename")}
          </Button>
        </div>
      ),
    });
  }
  return (
    <>
      <DataTable
        label={t("page.events")}
        columns={columns}
        rows={types}
        keyOf={({ name }) => name}
        empty={t("vocabulary.none_found")}
      />
      {named && <EventLabel type={named} onClose={() => setNamed(null)} />}
    </>
  );
}

// What was not written stays as the product has it: only then is it known what that is.
function EventLabel({ type, onClose }: { type: EventType; onClose(): void }) {
  const save = useNoteChange("event-types", ({ label_zh, label_en }) =>
    answerOf(
      api.PATCH("/event-types/{event}", {
        params: { path: { event: type.name } },
        body: {
          ...(label_zh !== undefined && { label_zh }),
          ...(label_en !== undefined && { label_en }),
        },
      }),
    ),
  );
  const { own_label_zh: label_zh, own_label_en: label_en } = type;
  const field = { name: type.name, label_zh, label_en };
  return (
    <NoteDialog
      field={field}
      hints={{
        ...(label_zh === "" && { label_zh: type.label_zh }),
        ...(label_en === "" && { label_en: type.label_en }),
      }}
      save={save}
      onClose={onClose}
    />
  );
}

// Each with its type; who may opens what it is called.
function Properties({ type }: { type: EventType }) {
  const { t, i18n } = useTranslation();
  const may = useMay("events.declare");
  const [open, setOpen] = useState<Schema["Property"] | null>(null);
  if (type.properties.length === 0) return t("vocabulary.no_properties");
  return (
    <>
      {type.properties.map((property) => {
        const label = labelOf(property, i18n.language);
        const kind = t(`value_type.${property.type}`);
        const words = property.personal ? `${kind} · ${t("vocabulary.personal")}` : kind;
        const text = `${label} (${words})`;
        return may ? (
          <Button
            key={property.name}
            size="small"
            type="text"
            title={property.name}
            onClick={() => setOpen(property)}
          >
            {text}
          </Button>
        ) : (
          <span key={property.name} title={property.name}>
            {text}{" "}
          </span>
        );
      })}
      {open && <PropertyNote event={type.name} property={open} onClose={() => setOpen(null)} />}
    </>
  );
}

interface PropertyNoteProps {
  event: string;
  property: Schema["Property"];
  onClose(): void;
}

function PropertyNote({ event, property, onClose }: PropertyNoteProps) {
  const save = useNoteChange("event-types", (body) =>
    answerOf(
      api.PATCH("/event-types/{event}/properties/{property}", {
        params: { path: { event, property: property.name } },
        body,
      }),
    ),
  );
  return <NoteDialog field={property} save={save} onClose={onClose} />;
}

// `name` empty: a new event.
function EventDialog({ name, onClose }: { name: string; onClose(): void }) {
  const { t } = useTranslation();
  const declare = useChange("event-types", (body: Schema["EventTypeDeclaration"]) =>
    answerOf(api.POST("/event-types", { body })),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={name === "" ? t("vocabulary.declare_event") : t("vocabulary.add_to", { name })}
    >
      {declare.isError && <ProblemAlert error={declare.error} />}
      <Form<Schema["EventTypeDeclaration"]>
        layout="vertical"
        requiredMark={false}
        initialValues={{ name, properties: name === "" ? [] : [{ name: "", type: "text" }] }}
        onFinish={(values) =>
          declare.mutate(
            { name: values.name ?? name, properties: values.properties ?? [] },
            {
              onSuccess: onClose,
            },
          )
        }
      >
        {name === "" && (
          <Form.Item
            name="name"
            label={t("vocabulary.event")}
            extra={t("vocabulary.event_hint")}
            rules={[{ required: true, whitespace: true, message: t("vocabulary.name_missing") }]}
          >
            <Input maxLength={200} spellCheck={false} autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item label={t("vocabulary.properties")}>
          <PropertyFields />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={declare.isPending}>
          {t("vocabulary.declare")}
        </Button>
      </Form>
    </Dialog>
  );
}
