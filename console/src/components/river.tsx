import { type PointerEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatCount, formatShare, roundedCount } from "@/text/number";
import styles from "./river.module.css";
import { type Bank, type Flow, isShown, type Ribbon, ribbonPath, riverShape } from "./river_shape";
import { NEWCOMER, NO_STAGE, stageColours } from "./stage_colour";
import { useWidth } from "./use_width";
import { WaitingBox } from "./waiting_box";

export interface RiverStage {
  key: string;
  // In the reader's language.
  label: string;
}

// A flow; one end alone: a whole stage as it was or as it is.
export interface RiverPick {
  from?: string;
  to?: string;
}

interface Props {
  // What a reader hears in place of the picture.
  label: string;
  // Of the model, in its order.
  stages: readonly RiverStage[];
  flows: readonly Flow[];
  // Above the two sides: which moments they are.
  begin: string;
  end: string;
  onPick(picked: RiverPick): void;
}

// Who has gone from which stage to which between two moments. The picture is for eyes and pointers;
// the table below it has the same flows for everybody, each opening as it does in the picture.
export function River({ label, stages, flows, begin, end, onPick }: Props) {
  const { t } = useTranslation();
  const [place, width] = useWidth();
  const [pointed, setPointed] = useState<Ribbon>();
  const keys = stages.map(({ key }) => key);
  const shape = riverShape(keys, flows);
  const colourOf = stageColours(keys);
  const called = useCalled(stages);
  return (
    <div className={styles.river} data-testid="river">
      <div className={styles.ends}>
        <span>{begin}</span>
        <span>{end}</span>
      </div>
      <div ref={place} className={styles.frame}>
        <svg
          role="img"
          aria-label={label}
          width={width}
          height={shape.height}
          className={styles.picture}
          onPointerMove={(event) => setPointed(shape.ribbons[numberAt(event, "flow")])}
          onPointerLeave={() => setPointed(undefined)}
          onPointerUp={(event) => {
            const picked = pickedAt(event, shape.ribbons);
            if (picked) onPick(picked);
          }}
        >
          {shape.ribbons.map((ribbon, index) => (
            <path
              key={`${ribbon.from}>${ribbon.to}`}
              className={styles.ribbon}
              data-flow={index}
              data-pointed={pointed?.from === ribbon.from && pointed.to === ribbon.to}
              style={{ fill: colourOf(ribbon.from === NEWCOMER ? ribbon.to : ribbon.from) }}
              d={ribbonPath(ribbon, BAR, Math.max(BAR, width - BAR))}
            />
          ))}
          <Side banks={shape.left} {...{ width, colourOf, called }} />
          <Side banks={shape.right} right {...{ width, colourOf, called }} />
        </svg>
        {pointed && (
          <p className={styles.hint} aria-hidden>
            {t("river.flow", { from: called(pointed.from), to: called(pointed.to) })}
            <Figures flow={pointed} of={shape.left} />
          </p>
        )}
      </div>
      <FlowTable flows={flows} banks={shape.left} {...{ keys, called, onPick }} />
    </div>
  );
}

// In its place while the flows are on their way.
export function RiverSkeleton() {
  return <WaitingBox className={styles.waiting} />;
}

const BAR = 10;

// What an end of a flow is called.
function useCalled(stages: readonly RiverStage[]) {
  const { t } = useTranslation();
  return (key: string) => {
    if (key === NO_STAGE) return t("river.none");
    const stage = stages.find((each) => each.key === key);
    if (stage) return stage.label;
    return key === NEWCOMER ? t("river.newcomers") : key;
  };
}

function numberAt({ target }: PointerEvent, name: string): number {
  return target instanceof SVGElement ? Number(target.dataset[name]) : Number.NaN;
}

function pickedAt(event: PointerEvent, ribbons: readonly Ribbon[]): RiverPick | undefined {
  const ribbon = ribbons[numberAt(event, "flow")];
  if (ribbon) return { from: ribbon.from, to: ribbon.to };
  const { dataset } = event.target as SVGElement;
  if (dataset.from !== undefined) return { from: dataset.from };
  return dataset.to === undefined ? undefined : { to: dataset.to };
}

interface SideProps {
  banks: readonly Bank[];
  right?: boolean;
  width: number;
  colourOf(key: string): string;
  called(key: string): string;
}

function Side({ banks, right = false, width, colourOf, called }: SideProps) {
  const { i18n } = useTranslation();
  return banks.map(({ key, customers, y, height }) => {
    const own = right ? { "data-to": key } : { "data-from": key };
    return (
      <g key={key}>
        <rect
          {...own}
          className={styles.bar}
          x={right ? Math.max(0, width - BAR) : 0}
          y={y}
          width={BAR}
          height={height}
          rx={2}
          style={{ fill: colourOf(key) }}
        />
        <text
          {...own}
          className={styles.text}
          x={right ? width - BAR - 6 : BAR + 6}
          y={y + 15}
          textAnchor={right ? "end" : "start"}
        >
          {called(key)}{" "}
          <tspan className={styles.figure} {...own}>
            {roundedCount(customers, i18n.language) || formatCount(customers, i18n.language)}
          </tspan>
        </text>
      </g>
    );
  });
}

function Figures({ flow, of }: { flow: Flow; of: readonly Bank[] }) {
  const { t, i18n } = useTranslation();
  const began = of.find(({ key }) => key === flow.from)?.customers ?? 0;
  return (
    <>
      <br />
      {t("river.people", {
        count: flow.customers,
        people: formatCount(flow.customers, i18n.language),
      })}
      {began > 0 && ` · ${formatShare(flow.customers / began, i18n.language)}`}
    </>
  );
}

interface TableProps {
  flows: readonly Flow[];
  banks: readonly Bank[];
  keys: readonly string[];
  called(key: string): string;
  onPick(picked: RiverPick): void;
}

// The largest first: who has moved, then who has stayed.
function FlowTable({ flows, banks, keys, called, onPick }: TableProps) {
  const { t, i18n } = useTranslation();
  const rows = flows
    .filter(isShown)
    .toSorted(
      (one, other) =>
        Number(one.from === one.to) - Number(other.from === other.to) ||
        other.customers - one.customers ||
        keys.indexOf(one.from) - keys.indexOf(other.from),
    );
  return (
    <details>
      <summary>{t("home.as_table")}</summary>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("river.from")}</th>
            <th scope="col">{t("river.to")}</th>
            <th scope="col" data-figures>
              {t("river.customers")}
            </th>
            <th scope="col" data-figures>
              {t("river.share")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((flow) => (
            <tr key={`${flow.from}>${flow.to}`}>
              <td>{called(flow.from)}</td>
              <td>{flow.from === flow.to ? t("river.stayed") : called(flow.to)}</td>
              <td data-figures>
                <button
                  type="button"
                  className={styles.open}
                  aria-label={t("river.open", {
                    from: called(flow.from),
                    to: called(flow.to),
                    people: formatCount(flow.customers, i18n.language),
                  })}
                  onClick={() => onPick({ from: flow.from, to: flow.to })}
                >
                  {formatCount(flow.customers, i18n.language)}
                </button>
              </td>
              <td data-figures>
                {formatShare(
                  flow.customers / (banks.find(({ key }) => key === flow.from)?.customers || 1),
                  i18n.language,
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
