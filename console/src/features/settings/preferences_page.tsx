import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { Choice } from "@/components/choice";
import { useNotices } from "@/components/notices";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import styles from "./settings.module.css";

type Setting = Schema["Setting"];

// The form is made of what the program says of its settings: a new one needs only its words.
export default function PreferencesPage() {
  const { t } = useTranslation();
  const settings = useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => answerOf(api.GET("/settings", { signal })),
  });
  return (
    <>
      <PageHead title={t("page.preferences")} lead={t("settings.part.preferences")} />
      <Panel>
        <Answered query={settings}>{(data) => <Settings settings={data.settings} />}</Answered>
      </Panel>
    </>
  );
}

function Settings({ settings }: { settings: readonly Setting[] }) {
  const { hash } = useLocation();
  useEffect(() => {
    if (hash !== "") document.getElementById(hash.slice(1))?.scrollIntoView({ block: "center" });
  }, [hash]);
  return (
    <ul className={styles.list}>
      {settings.map((setting) => (
        <SettingRow key={setting.name} setting={setting} />
      ))}
    </ul>
  );
}

function useWords({ name, description }: Setting) {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  const known = i18n.exists(`setting.${name}.label`);
  return {
    label: known ? say(`setting.${name}.label`) : name,
    sentence: known ? say(`setting.${name}.sentence`) : description,
  };
}

// What can be chosen, in words where it has some.
function useChoiceWord() {
  const { t, i18n } = useTranslation();
  return ({ name }: Setting, choice: string) => {
    const key = `setting.${name}.choice.${choice}`;
    return i18n.exists(key) ? (t as (key: string) => string)(key) : choice;
  };
}

function SettingRow({ setting }: { setting: Setting }) {
  const { t } = useTranslation();
  const notices = useNotices();
  const may = useMay("settings.write");
  const words = useWords(setting);
  const choiceWord = useChoiceWord();
  // null: as it is set, whoever sets it.
  const [written, write] = useState<string | null>(null);
  const value = written ?? setting.value;
  const { name, restart, example } = setting;
  const save = useChange("settings", (next: string) =>
    answerOf(api.PUT("/settings/{name}", { params: { path: { name } }, body: { value: next } })),
  );
  const submit = () =>
    save.mutate(value, {
      onSuccess: () => {
        write(null);
        notices.success(t("settings.saved"));
      },
    });
  return (
    <li id={name} className={styles.setting}>
      <div>
        <label htmlFor={`field_${name}`}>{words.label}</label>
        <p>{words.sentence}</p>
        <p>
          {t("settings.default", {
            value: choiceWord(setting, setting.default) || t("settings.empty"),
          })}
          {example && ` · ${t("settings.example", { example })}`}
          {restart && ` · ${t("settings.restart")}`}
        </p>
      </div>
      <div>
        <form
          className={styles.field}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Field setting={setting} value={value} onChange={write} disabled={!may} />
          {value !== setting.value && (
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {t("dialog.save")}
            </Button>
          )}
        </form>
        {save.isError && <ProblemAlert error={save.error} />}
      </div>
    </li>
  );
}

interface FieldProps {
  setting: Setting;
  value: string;
  onChange(value: string): void;
  disabled: boolean;
}

function Field({ setting, value, onChange, disabled }: FieldProps) {
  const choiceWord = useChoiceWord();
  const { name, type, choices } = setting;
  const id = `field_${name}`;
  if (type === "choice" || type === "zone") {
    const values = type === "zone" ? zonesWith(value) : choices;
    const options = values.map((each) => ({ value: each, label: choiceWord(setting, each) }));
    return <Choice {...{ id, value, options, onChange, disabled }} />;
  }
  return (
    <Input
      id={id}
      value={value}
      disabled={disabled}
      inputMode={type === "integer" ? "numeric" : "text"}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

// What the browser knows, and what is set.
function zonesWith(zone: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes(zone) ? known : [zone, ...known];
}
