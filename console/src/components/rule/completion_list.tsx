import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Completion } from "./completion";
import styles from "./rule_editor.module.css";

interface Props {
  id: string;
  completion: Completion;
  text: string;
  active: number;
  onChoose(index: number): void;
}

const LIST_WIDTH = 280;

// Below the word that is being typed: an invisible copy of the text before it tells where.
export function CompletionList({ id, completion, text, active, onChoose }: Props) {
  const { t } = useTranslation();
  const marker = useRef<HTMLSpanElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    const span = marker.current;
    if (!span?.parentElement) return;
    const left = Math.min(span.offsetLeft, span.parentElement.clientWidth - LIST_WIDTH);
    setPlace({ left: Math.max(0, left), top: span.offsetTop + span.offsetHeight + 4 });
  }, [completion]);

  return (
    <>
      <div className={styles.mirror} aria-hidden="true">
        {text.slice(0, completion.from)}
        <span ref={marker}>{"\u200b"}</span>
      </div>
      <div
        id={id}
        role="listbox"
        aria-label={t("question.completions")}
        className={styles.list}
        style={place}
      >
        {completion.options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text area keeps focus and has the keys
          <div
            key={option.insert}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={styles.option}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(index)}
          >
            <code>{option.insert}</code>
            <small>{option.detail || t(`completion.${option.kind}`)}</small>
          </div>
        ))}
      </div>
    </>
  );
}
