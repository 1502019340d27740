// A text area over a mirror of its text: the mirror carries the underlines and makes the area as
// tall as the text. The browser keeps doing what it does well: undo, input methods, spelling out.
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Names } from "@/api/names";
import { type Completion, completionAt } from "./completion";
import { CompletionList } from "./completion_list";
import { type Mark, piecesOf } from "./marks";
import styles from "./rule_editor.module.css";

interface Props {
  value: string;
  marks: readonly Mark[];
  names: Names | undefined;
  // Ids of the messages about the marks.
  describedBy: string;
  onChange(value: string): void;
  onSubmit(): void;
}

export function RuleEditor({ value, marks, names, describedBy, onChange, onSubmit }: Props) {
  const { t, i18n } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const [completion, setCompletion] = useState<Completion | null>(null);
  const [active, setActive] = useState(0);
  // Where the caret goes once the new text stands in the area.
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (caret.current === null) return;
    area.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const offer = (text: string, at: number) => {
    setActive(0);
    setCompletion(names ? completionAt(text, at, names, i18n.language) : null);
  };
  const choose = (index: number) => {
    const option = completion?.options[index];
    if (!completion || !option) return;
    const text = value.slice(0, completion.from) + option.insert + value.slice(completion.to);
    caret.current = completion.from + option.insert.length;
    setCompletion(null);
    onChange(text);
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      setCompletion(null);
      onSubmit();
    } else if (completion && handleListKey(event.key)) {
      event.preventDefault();
    }
  };
  const handleListKey = (key: string): boolean => {
    const count = completion?.options.length ?? 0;
    if (key === "ArrowDown") setActive((active + 1) % count);
    else if (key === "ArrowUp") setActive((active + count - 1) % count);
    else if (key === "Enter" || key === "Tab") choose(active);
    else if (key === "Escape") setCompletion(null);
    else return false;
    return true;
  };

  return (
    <div className={styles.editor} data-mistake={marks.some((mark) => mark.kind === "mistake")}>
      <div className={styles.mirror} aria-hidden="true">
        {piecesOf(value, marks).map((piece, index) => (
          <span key={index} {...(piece.mark ? { "data-mark": piece.mark.kind } : {})}>
            {piece.text === "" ? "\u00a0" : piece.text}
          </span>
        ))}
        {"\u200b"}
      </div>
      <textarea
        ref={area}
        className={styles.area}
        value={value}
        rows={2}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        placeholder={t("question.placeholder")}
        aria-label={t("question.rule")}
        aria-invalid={marks.some((mark) => mark.kind === "mistake")}
        aria-describedby={describedBy}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={completion !== null}
        aria-controls={list}
        aria-activedescendant={completion ? `${list}-${active}` : ""}
        onChange={(event) => {
          onChange(event.target.value);
          offer(event.target.value, event.target.selectionStart);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setCompletion(null)}
        onClick={() => setCompletion(null)}
      />
      {completion && (
        <CompletionList
          id={list}
          completion={completion}
          text={value}
          active={active}
          onChoose={choose}
        />
      )}
    </div>
  );
}
