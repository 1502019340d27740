import { useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { type FocusEvent, type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "./problem_text";
import styles from "./search_field.module.css";
import { useDebounced } from "./use_debounced";

const SEARCH_WAIT_MS = 150;

export interface Choosable {
  id: string;
  label: string;
  // What tells two of one label apart.
  more?: string;
}

export interface Found<T> {
  found: readonly T[];
  // There are others, too: more has to be written.
  more: boolean;
}

interface Props<T extends Choosable> {
  // Of a label that stands beside it.
  id?: string;
  label: string;
  // What is looked for: its part of the cache.
  about: string;
  // How, where others find the same things otherwise: what is found so is kept apart.
  way?: string;
  // The first few for what was written; nothing written: the first few of all.
  find(text: string, signal: AbortSignal): Promise<Found<T>>;
  // null: nobody yet, or what was written is another one.
  chosen: T | null;
  onChoose(one: T | null): void;
  // What is found stands above the field, where there is no room below.
  above?: boolean;
  // The id of who is never offered.
  but?: string | undefined;
}

// One of any number, looked for by the program while somebody writes.
export function SearchField<T extends Choosable>(props: Props<T>) {
  const { id, label, about, way = "found", find, chosen, onChoose, above = false, but } = props;
  const { t } = useTranslation();
  const list = useId();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const search = useDebounced(text.trim(), SEARCH_WAIT_MS);
  const found = useQuery({
    queryKey: [about, way, search],
    enabled: open,
    queryFn: ({ signal }) => find(search, signal),
  });
  const current = open && search === text.trim();
  const shown = current ? (found.data?.found ?? []).filter((one) => one.id !== but) : [];
  const idOf = (index: number) => `${list}-${index}`;
  const choose = (one: T | undefined) => {
    if (!one) return;
    setOpen(false);
    setText("");
    onChoose(one);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      choose(shown[at]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (shown.length > 0) setAt((at + step + shown.length) % shown.length);
    }
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the focus of the field within.
    <div className={styles.field} onBlur={onBlur}>
      <Input
        {...(id === undefined ? { "aria-label": label } : { id })}
        role="combobox"
        aria-expanded={shown.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        {...(shown.length > 0 ? { "aria-activedescendant": idOf(at) } : {})}
        autoComplete="off"
        spellCheck={false}
        placeholder={label}
        value={chosen && !open ? wordsOf(chosen) : text}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setOpen(true);
          if (chosen) onChoose(null);
        }}
        onKeyDown={onKeyDown}
      />
      {open && (
        <div className={styles.found} data-above={above}>
          <Options<T> {...{ list, label, shown, at, idOf }} onPoint={setAt} onChoose={choose} />
          {shown.length === 0 ? (
            <Said query={found} waiting={!current} />
          ) : (
            found.data?.more && <p className={styles.said}>{t("search_field.more")}</p>
          )}
        </div>
      )}
      <p role="status" className="for-readers">
        {open && !found.isFetching ? t("search_field.found", { count: shown.length }) : ""}
      </p>
    </div>
  );
}

const wordsOf = ({ label, more }: Choosable) => (more ? `${label} ${more}` : label);

interface OptionsProps<T> {
  list: string;
  label: string;
  shown: readonly T[];
  at: number;
  idOf(index: number): string;
  onPoint(index: number): void;
  onChoose(one: T): void;
}

function Options<T extends Choosable>(props: OptionsProps<T>) {
  const { list, label, shown, at, idOf, onPoint, onChoose } = props;
  return (
    <div role="listbox" id={list} aria-label={label}>
      {shown.map((one, index) => (
        // The field keeps the focus; its keys are those of the list.
        // biome-ignore lint/a11y/useKeyWithClickEvents: by the keys of the field.
        <div
          key={one.id}
          id={idOf(index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className={styles.one}
          onPointerMove={() => onPoint(index)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(one)}
        >
          {one.label}
          {one.more && <small className={styles.more}>{one.more}</small>}
        </div>
      ))}
    </div>
  );
}

interface SaidProps {
  query: { isError: boolean; error: unknown; isFetching: boolean };
  waiting: boolean;
}

// Instead of what was found.
function Said({ query, waiting }: SaidProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  if (query.isError) return <p className={styles.said}>{problemText(query.error).happened}</p>;
  const words = query.isFetching || waiting ? "searching" : "nothing";
  return <p className={styles.said}>{t(`search_field.${words}`)}</p>;
}
