// Which of what somebody did is shown: in the address, so that it can be come back to.
import { Input } from "antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useNames } from "@/api/names";
import { Choice } from "@/components/choice";
import { DayFields, FilterField, Filters } from "@/components/filters";
import { isDay } from "@/text/days";
import { labelAmong } from "@/text/label";

const PARTS = ["event", "source", "from", "to"] as const;
const SOURCE_BYTES_MAX = 128;

// "": whatever it is. Days are the workspace's, the last one included.
export type HistoryFilter = Record<(typeof PARTS)[number], string>;

export const EVERYTHING: HistoryFilter = { event: "", source: "", from: "", to: "" };

export const isEverything = (filter: HistoryFilter) => PARTS.every((part) => filter[part] === "");

export function useHistoryFilter(): [HistoryFilter, (changed: Partial<HistoryFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = { ...EVERYTHING };
  for (const part of PARTS) {
    const value = search.get(part) ?? "";
    const isEnd = part === "from" || part === "to";
    if (!isEnd || isDay(value)) filter[part] = value;
  }
  const change = (changed: Partial<HistoryFilter>) => {
    const next = Object.entries({ ...filter, ...changed }).filter(([, value]) => value !== "");
    setSearch(new URLSearchParams(next), { replace: true });
  };
  return [filter, change];
}

interface Props {
  filter: HistoryFilter;
  // Those of what is shown already: others can be written.
  sources: readonly string[];
  onChange(changed: Partial<HistoryFilter>): void;
}

export function HistoryFilterFields({ filter, sources, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const events = names?.events.map(({ name }) => name) ?? [];
  const offered =
    filter.event === "" || events.includes(filter.event) ? events : [filter.event, ...events];
  return (
    <Filters>
      <FilterField label={t("person.only_event")}>
        {(id) => (
          <Choice
            id={id}
            value={filter.event}
            options={[
              { value: "", label: t("person.all_events") },
              ...offered.map((name) => ({
                value: name,
                label: labelAmong(names?.events, name, i18n.language),
              })),
            ]}
            onChange={(event) => onChange({ event })}
          />
        )}
      </FilterField>
      <FilterField label={t("person.only_source")}>
        {(id) => (
          <SourceField
            {...{ id, sources }}
            value={filter.source}
            onChange={(source) => onChange({ source })}
          />
        )}
      </FilterField>
      <DayFields
        labels={{ from: t("audit.from"), to: t("audit.to") }}
        value={filter}
        onChange={onChange}
      />
    </Filters>
  );
}

interface SourceFieldProps extends Pick<Props, "sources"> {
  id: string;
  value: string;
  onChange(source: string): void;
}

// Asked for when it is written: by Enter, or by leaving the field, which stays where it is.
function SourceField({ id, sources, value, onChange }: SourceFieldProps) {
  const known = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const take = (written: string) => written.trim() !== value && onChange(written.trim());
  return (
    <>
      <Input
        id={id}
        value={text}
        list={known}
        maxLength={SOURCE_BYTES_MAX}
        autoComplete="off"
        spellCheck={false}
        allowClear
        onChange={(event) => setText(event.target.value)}
        onPressEnter={() => take(text)}
        onBlur={() => take(text)}
        onClear={() => take("")}
      />
      <datalist id={known}>
        {sources.map((source) => (
          <option key={source} value={source} />
        ))}
      </datalist>
    </>
  );
}
