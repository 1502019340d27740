import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { AsOf } from "@/components/as_of";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { Scrolled } from "@/components/scrolled";
import { type Direction, UpDownChart } from "@/components/up_down_chart";
import { formatCount } from "@/text/number";
import type { Audience } from "./asking";
import styles from "./live.module.css";
import { MOVE_DAYS, type MoveDirection, type MoveFilter, useMovements } from "./live_asking";
import { Moves } from "./moves";
import { SearchLink } from "./search_link";

type Movements = Schema["AudienceMovements"];
type Day = Movements["days"][number];

const DIRECTIONS: Record<Direction, MoveDirection> = { up: "entered", down: "left" };

// Who came and who left, day by day and one by one, as it was recorded.
export function MovementsPanel({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const movements = useMovements(audience.id);
  return (
    <Panel title={t("moves.title", { days: MOVE_DAYS })} testId="movements">
      <Answered query={movements} rows={4}>
        {(known) =>
          known.since === null ? (
            <p className={styles.none}>{t("moves.never")}</p>
          ) : (
            <Recorded audience={audience} movements={known} />
          )
        }
      </Answered>
    </Panel>
  );
}

// In the address: which of them are listed.
function useMoveFilter(): [MoveFilter, (filter: MoveFilter) => void] {
  const [search, setSearch] = useSearchParams();
  const direction = search.get("move");
  const filter: MoveFilter = {
    direction: direction === "entered" || direction === "left" ? direction : undefined,
    day: search.get("day") ?? undefined,
  };
  const choose = (next: MoveFilter) =>
    setSearch(
      (before) => {
        const rest = new URLSearchParams(before);
        for (const [name, value] of [["move", next.direction] as const, ["day", next.day] as const])
          if (value === undefined) rest.delete(name);
          else rest.set(name, value);
        return rest;
      },
      { replace: true, preventScrollReset: true },
    );
  return [filter, choose];
}

function Recorded({ audience, movements }: { audience: Audience; movements: Movements }) {
  const { t } = useTranslation();
  const mayRead = useMay("customers.read");
  const [filter, choose] = useMoveFilter();
  const { days } = movements;
  return (
    <>
      <UpDownChart
        label={t("moves.chart", { name: audience.name, days: MOVE_DAYS })}
        words={{ up: t("moves.entered"), down: t("moves.left") }}
        days={days.map(({ day, entered, left, unfinished }) => ({
          label: day,
          up: entered,
          down: left,
          unfinished,
        }))}
        unfinished={t("home.so_far")}
        onOpen={(index, direction) =>
          mayRead && choose({ day: days[index]?.day, direction: DIRECTIONS[direction] })
        }
      />
      <p className={styles.note}>{t("moves.note")}</p>
      <AsOf answer={movements} />
      <DaysTable days={days} filter={filter} opens={mayRead} />
      {mayRead && <Moves audience={audience} filter={filter} onChoose={choose} />}
    </>
  );
}

interface DaysTableProps {
  days: readonly Day[];
  filter: MoveFilter;
  // Whether a number opens its people.
  opens: boolean;
}

function DaysTable({ days, filter, opens }: DaysTableProps) {
  const { t, i18n } = useTranslation();
  const figure = (day: string, direction: MoveDirection, value: number) => {
    const written = formatCount(value, i18n.language);
    if (!opens || value === 0) return written;
    return (
      <SearchLink
        set={{ day, move: direction }}
        current={filter.day === day && filter.direction === direction}
      >
        {written}
      </SearchLink>
    );
  };
  return (
    <details className={styles.folded}>
      <summary>{t("home.as_table")}</summary>
      <Scrolled label={t("home.as_table")}>
        <table className={styles.table} aria-label={t("moves.title", { days: MOVE_DAYS })}>
          <thead>
            <tr>
              <th scope="col">{t("home.day")}</th>
              <th scope="col">{t("moves.entered")}</th>
              <th scope="col">{t("moves.left")}</th>
              <th scope="col">{t("moves.corrected")}</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ day, entered, left, corrected, unfinished }) => (
              <tr key={day}>
                <th scope="row">
                  {day}
                  {unfinished && ` ${t("home.so_far")}`}
                </th>
                <td>{figure(day, "entered", entered)}</td>
                <td>{figure(day, "left", left)}</td>
                <td>{formatCount(corrected, i18n.language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </details>
  );
}
