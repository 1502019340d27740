import { ArrowDownOutlined, ArrowUpOutlined, HolderOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { stageColours } from "@/components/stage_colour";
import { faultOf, moved, type StageDraft, stageAfter } from "./draft";
import styles from "./editor.module.css";
import { StageFields } from "./stage_fields";
import { useSaid } from "./use_said";

interface Props {
  stages: StageDraft[];
  onChange(stages: StageDraft[]): void;
  onSubmit(): void;
}

// The stages in their order, which is what counts: the first that fits has the customer. They are
// moved by dragging, by the arrows on the handle, and by buttons.
export function StageRows({ stages, onChange, onSubmit }: Props) {
  const { t } = useTranslation();
  const said = useSaid();
  const list = useRef<HTMLOListElement>(null);
  const [told, setTold] = useState("");
  const [target, setTarget] = useState<{ from: number; to: number } | null>(null);
  const colourOf = stageColours(stages.map(({ key }) => key));
  const move = (from: number, to: number) => {
    if (to < 0 || to >= stages.length || from === to) return;
    onChange(moved(stages, from, to));
    const stage = said(stages[from]?.label) || (stages[from]?.key ?? "");
    setTold(t("lifecycle.moved_to", { stage, place: to + 1, count: stages.length }));
  };
  const handle = (index: number) => ({
    onKeyDown: (event: KeyboardEvent) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      move(index, index + step);
    },
    onPointerDown: (event: PointerEvent) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      setTarget({ from: index, to: index });
    },
    onPointerMove: (event: PointerEvent) => {
      if (target) setTarget({ from: index, to: placeAt(list.current, event.clientY) });
    },
    onPointerUp: () => {
      if (target) move(target.from, target.to);
      setTarget(null);
    },
    onPointerCancel: () => setTarget(null),
  });
  return (
    <>
      <ol ref={list} className={styles.rows} data-testid="stage_rows">
        {stages.map((stage, index) => (
          <li
            key={stage.id}
            className={styles.row}
            style={{ borderLeftColor: colourOf(stage.key) }}
            data-target={target?.to === index && target.from !== index}
            data-dragged={target?.from === index}
          >
            <button
              type="button"
              className={styles.handle}
              aria-label={t("lifecycle.move", { stage: said(stage.label) || stage.key })}
              title={t("lifecycle.move_hint")}
              {...handle(index)}
            >
              <HolderOutlined aria-hidden />
            </button>
            <StageFields
              stage={stage}
              fault={faultOf(stage, stages)}
              onChange={(next) =>
                onChange(stages.map((each) => (each.id === stage.id ? { ...each, ...next } : each)))
              }
              onSubmit={onSubmit}
            />
            <div className={styles.row_actions}>
              <Button
                type="text"
                icon={<ArrowUpOutlined />}
                aria-label={t("lifecycle.up")}
                disabled={index === 0}
                onClick={() => move(index, index - 1)}
              />
              <Button
                type="text"
                icon={<ArrowDownOutlined />}
                aria-label={t("lifecycle.down")}
                disabled={index === stages.length - 1}
                onClick={() => move(index, index + 1)}
              />
              <Button type="text" onClick={() => onChange(stages.filter((each) => each !== stage))}>
                {t("lifecycle.remove_stage")}
              </Button>
            </div>
          </li>
        ))}
      </ol>
      <p role="status" className="for-readers">
        {told}
      </p>
      <Button onClick={() => onChange([...stages, stageAfter(stages)])}>
        {t("lifecycle.add_stage")}
      </Button>
    </>
  );
}

// The row the pointer is over.
function placeAt(list: HTMLElement | null, y: number): number {
  const rows = [...(list?.children ?? [])].map((row) => row.getBoundingClientRect());
  const below = rows.findIndex(({ bottom }) => y < bottom);
  return below < 0 ? rows.length - 1 : below;
}
