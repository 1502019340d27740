import { SearchOutlined } from "@ant-design/icons";
import { Input, type InputRef } from "antd";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useProblemText } from "@/components/problem_text";
import styles from "./palette.module.css";
import { type Place, usePlaces } from "./places";

// What is in the palette: a field, and the places found for what is written in it.
export default function Finder({ onDone }: { onDone(): void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const list = useId();
  const input = useRef<InputRef>(null);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const { places, searching, error } = usePlaces(text);
  const at = Math.min(chosen, places.length - 1);
  const idOf = (index: number) => `${list}-${index}`;
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [list, at]);

  const go = (place: Place | undefined) => {
    if (!place) return;
    onDone();
    void navigate(place.to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || places.length === 0) return;
    const to = {
      ArrowDown: (at + 1) % places.length,
      ArrowUp: (at - 1 + places.length) % places.length,
      Home: 0,
      End: places.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setChosen(to);
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(places[at]);
    }
  };

  return (
    <div className={styles.finder}>
      <Input
        ref={input}
        variant="borderless"
        size="large"
        prefix={<SearchOutlined aria-hidden />}
        placeholder={t("palette.hint")}
        aria-label={t("palette.hint")}
        role="combobox"
        aria-expanded={places.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        {...(places.length > 0 ? { "aria-activedescendant": idOf(at) } : {})}
        autoComplete="off"
        spellCheck={false}
        data-testid="palette_text"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <Places {...{ places, list, at, idOf }} onPoint={setChosen} onGo={go} />
      {error !== null && <p className={styles.note}>{problemText(error).happened}</p>}
      {places.length === 0 && error === null && (
        <p className={styles.note}>{searching ? t("palette.searching") : t("palette.nothing")}</p>
      )}
      <p role="status" className="for-readers">
        {searching ? "" : t("palette.found", { count: places.length })}
      </p>
      <p className={styles.foot} aria-hidden="true">
        {t("palette.keys")}
      </p>
    </div>
  );
}

interface PlacesProps {
  places: readonly Place[];
  list: string;
  at: number;
  idOf(index: number): string;
  onPoint(index: number): void;
  onGo(place: Place): void;
}

function Places({ places, list, at, idOf, onPoint, onGo }: PlacesProps) {
  const { t } = useTranslation();
  const kinds = [...new Set(places.map(({ kind }) => kind))];
  return (
    <div role="listbox" id={list} className={styles.places} aria-label={t("palette.title")}>
      {kinds.map((kind) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of a listbox is no fieldset.
        <div key={kind} role="group" aria-label={t(`palette.kind.${kind}`)}>
          <div className={styles.kind} aria-hidden="true">
            {t(`palette.kind.${kind}`)}
          </div>
          {places.map(
            (place, index) =>
              place.kind === kind && (
                // The field keeps the focus; its keys are those of the whole list.
                // biome-ignore lint/a11y/useKeyWithClickEvents: by the keys of the field.
                <div
                  key={place.to}
                  id={idOf(index)}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === at}
                  className={styles.place}
                  onPointerMove={() => onPoint(index)}
                  onClick={() => onGo(place)}
                >
                  <span className={styles.label}>{place.label}</span>
                  {place.more && <span className={styles.more}>{place.more}</span>}
                </div>
              ),
          )}
        </div>
      ))}
    </div>
  );
}
