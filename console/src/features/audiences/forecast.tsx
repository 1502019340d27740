import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { AsOf } from "@/components/as_of";
import { Moment } from "@/components/moment";
import { MoreRows } from "@/components/more_rows";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { Scrolled } from "@/components/scrolled";
import { type Direction, UpDownChart } from "@/components/up_down_chart";
import { customerAddress } from "@/text/address";
import { titleOf } from "@/text/customer";
import { formatCount } from "@/text/number";
import type { Audience } from "./asking";
import styles from "./live.module.css";
import { type Coming, type ForecastDirection, useForecast, useForecastPeople } from "./live_asking";
import { SearchLink } from "./search_link";

type Forecast = Schema["AudienceForecast"];
type Day = Forecast["days"][number];

const DIRECTIONS: Record<Direction, ForecastDirection> = { up: "arriving", down: "leaving" };

// Who will come and who will leave in the next days, if nothing else happens.
export function ForecastPanel({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const forecast = useForecast(audience.id);
  return (
    <Panel title={t("forecast.title")} lead={t("forecast.lead")} testId="forecast">
      <Answered query={forecast} rows={4}>
        {(known) =>
          known.days.every(({ arriving, leaving }) => arriving + leaving === 0) ? (
            <p className={styles.none}>{t("forecast.nothing")}</p>
          ) : (
            <Days audience={audience} forecast={known} />
          )
        }
      </Answered>
    </Panel>
  );
}

// In the address: whose list is open; who leaves tomorrow until somebody chooses.
function useComing(days: readonly Day[]): [Coming | undefined, (coming: Coming) => void] {
  const [search, setSearch] = useSearchParams();
  const [day = "", direction] = (search.get("coming") ?? "").split(".");
  const known = days.some((each) => each.day === day);
  const tomorrow = days[1];
  const choose = (coming: Coming) =>
    setSearch(
      (before) => {
        const rest = new URLSearchParams(before);
        rest.set("coming", `${coming.day}.${coming.direction}`);
        return rest;
      },
      { replace: true, preventScrollReset: true },
    );
  if (known && (direction === "arriving" || direction === "leaving")) {
    return [{ day, direction }, choose];
  }
  return [tomorrow && { day: tomorrow.day, direction: "leaving" }, choose];
}

function Days({ audience, forecast }: { audience: Audience; forecast: Forecast }) {
  const { t } = useTranslation();
  const mayRead = useMay("customers.read");
  const { days } = forecast;
  const [coming, choose] = useComing(days);
  return (
    <>
      <UpDownChart
        label={t("forecast.chart", { name: audience.name })}
        words={{ up: t("forecast.arriving"), down: t("forecast.leaving") }}
        days={days.map(({ day, arriving, leaving }, index) => ({
          label: day,
          up: arriving,
          down: leaving,
          unfinished: index === 0,
        }))}
        unfinished={t("forecast.rest")}
        onOpen={(index, direction) => {
          const day = days[index]?.day;
          if (mayRead && day) choose({ day, direction: DIRECTIONS[direction] });
        }}
      />
      <DaysTable days={days} coming={mayRead ? coming : undefined} />
      <AsOf answer={forecast} />
      {mayRead && coming && <People audience={audience} coming={coming} tomorrow={days[1]?.day} />}
    </>
  );
}

interface DaysTableProps {
  days: readonly Day[];
  // Whose list is open; undefined: people may not be seen.
  coming: Coming | undefined;
}

function DaysTable({ days, coming }: DaysTableProps) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  const figure = (day: string, direction: ForecastDirection, value: number) => {
    if (!coming || value === 0) return count(value);
    const current = coming.day === day && coming.direction === direction;
    return (
      <SearchLink set={{ coming: `${day}.${direction}` }} current={current}>
        {count(value)}
      </SearchLink>
    );
  };
  return (
    <Scrolled label={t("forecast.title")}>
      <table className={styles.table} aria-label={t("forecast.title")}>
        <thead>
          <tr>
            <th scope="col">{t("home.day")}</th>
            <th scope="col">{t("forecast.arriving")}</th>
            <th scope="col">{t("forecast.leaving")}</th>
            <th scope="col">{t("forecast.members")}</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, arriving, leaving, members }, index) => (
            <tr key={day}>
              <th scope="row">
                {day}
                {index === 0 && ` ${t("forecast.rest")}`}
                {index === 1 && ` ${t("forecast.tomorrow")}`}
              </th>
              <td>{figure(day, "arriving", arriving)}</td>
              <td>{figure(day, "leaving", leaving)}</td>
              <td>{count(members)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}

interface PeopleProps {
  audience: Audience;
  coming: Coming;
  tomorrow: string | undefined;
}

// Who exactly, the earliest first.
function People({ audience, coming, tomorrow }: PeopleProps) {
  const { t, i18n } = useTranslation();
  const people = useForecastPeople(audience.id, coming);
  const { direction, day } = coming;
  const when = day === tomorrow ? t("forecast.tomorrow") : day;
  return (
    <section
      className={styles.part}
      aria-label={t(`forecast.who.${direction}`, { day: when })}
      data-testid="coming"
    >
      <header className={styles.partHead}>
        <h3 className={styles.partTitle}>{t(`forecast.who.${direction}`, { day: when })}</h3>
      </header>
      <Answered query={people} rows={5}>
        {({ pages }) => {
          const total = pages[0]?.count ?? 0;
          if (total === 0) return <p className={styles.none}>{t("forecast.nobody")}</p>;
          const shown = pages.flatMap((page) => page.people);
          return (
            <>
              <ul className={styles.people}>
                {shown.map((person) => (
                  <li key={person.id}>
                    <span className={styles.who}>
                      <Link to={customerAddress(person)}>{titleOf(person)}</Link>
                      {person.name !== null && <small>{person.key}</small>}
                    </span>
                    <span className={styles.when}>
                      <Moment value={person.at} whole />
                    </span>
                  </li>
                ))}
              </ul>
              <p className={styles.note}>
                {t("question.shown", {
                  shown: formatCount(shown.length, i18n.language),
                  total: formatCount(total, i18n.language),
                })}
              </p>
              <MoreRows pages={people} />
            </>
          );
        }}
      </Answered>
    </section>
  );
}
