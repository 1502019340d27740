import { Checkbox, Input, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "@/api/names";
import { useLabels } from "@/components/use_labels";
import styles from "./outbox.module.css";

// As many are seen at once; more are searched.
const SEEN_AT_ONCE = 12;

interface Props {
  id?: string;
  // None: all of them.
  value?: readonly string[];
  onChange?(events: readonly string[]): void;
}

// Which events: all there are and will be, or those that are ticked.
export function EventsField({ value = [], onChange }: Props) {
  const { t } = useTranslation();
  const labels = useLabels();
  const names = useNames();
  const [some, setSome] = useState(value.length > 0);
  const [search, setSearch] = useState("");
  const offered = [...new Set([...(names?.events.map(({ name }) => name) ?? []), ...value])];
  const wanted = search.trim().toLowerCase();
  const shown = offered.filter((name) =>
    `${labels.event(name)} ${name}`.toLowerCase().includes(wanted),
  );
  const choose = (which: "all" | "some") => {
    setSome(which === "some");
    if (which === "all") onChange?.([]);
  };
  return (
    <>
      <Radio.Group
        value={some ? "some" : "all"}
        onChange={({ target }) => choose(target.value)}
        options={[
          { value: "all", label: t("webhooks.all_events") },
          { value: "some", label: t("webhooks.some_events") },
        ]}
      />
      {some && (
        <fieldset className={styles.events}>
          <legend className="for-readers">{t("webhooks.events")}</legend>
          {offered.length > SEEN_AT_ONCE && (
            <Input
              type="search"
              aria-label={t("webhooks.find_event")}
              placeholder={t("webhooks.find_event")}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
          {shown.map((name) => (
            <Checkbox
              key={name}
              checked={value.includes(name)}
              onChange={({ target }) =>
                onChange?.(
                  target.checked ? [...value, name] : value.filter((each) => each !== name),
                )
              }
            >
              {labels.event(name)}
            </Checkbox>
          ))}
        </fieldset>
      )}
    </>
  );
}
