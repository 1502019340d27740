import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useNames } from "@/api/names";
import { ProblemAlert } from "@/components/problem_alert";
import { useZone } from "@/components/zone";
import { formatClock, formatDay, formatMoment } from "@/text/moment";
import { changeOf, changeText, eventLabel, propertyTypes } from "./event_words";
import styles from "./history.module.css";
import { useHistory } from "./records";
import { useValueText } from "./use_value_text";

type Event = Schema["Event"];

export function HistoryView({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const history = useHistory(customer);
  if (history.isError) {
    return <ProblemAlert error={history.error} retry={() => history.refetch()} />;
  }
  if (!history.data) return <Skeleton active title={false} paragraph={{ rows: 6 }} />;
  const events = history.data.pages.flatMap((page) => page.events);
  if (events.length === 0) return <p className={styles.none}>{t("person.no_events")}</p>;
  return (
    <>
      {byDay(events, zone).map(([day, eventsOfDay]) => (
        <section key={day} className={styles.day}>
          <h4 className={styles.date}>{day}</h4>
          <ol className={styles.events} data-testid="history">
            {eventsOfDay.map((event) => (
              <EventLine key={event.position} event={event} />
            ))}
          </ol>
        </section>
      ))}
      {history.hasNextPage && (
        <Button onClick={() => history.fetchNextPage()} loading={history.isFetchingNextPage}>
          {t("person.more_events")}
        </Button>
      )}
    </>
  );
}

// Neighbours of one day of the workspace together, in the order given.
export function byDay(events: readonly Event[], zone: string): [string, Event[]][] {
  const days: [string, Event[]][] = [];
  for (const event of events) {
    const day = formatDay(event.time, zone);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(event);
    else days.push([day, [event]]);
  }
  return days;
}

function EventLine({ event }: { event: Event }) {
  const { i18n } = useTranslation();
  const names = useNames();
  const zone = useZone();
  const valueText = useValueText();
  const types = propertyTypes(names, event.event);
  const change = changeOf(event);
  return (
    <li className={styles.event}>
      <time dateTime={event.time} title={`${formatMoment(event.time, zone, true)} ${zone}`}>
        {formatClock(event.time, zone)}
      </time>
      <div className={styles.what}>
        <span className={styles.label} title={event.event}>
          {eventLabel(names, event.event, i18n.language)}
        </span>
        <span className={styles.properties}>
          {change
            ? change.changed && (
                <span>
                  {change.changed}{" "}
                  <b>{changeText(change, (value) => valueText(value, undefined))}</b>
                </span>
              )
            : Object.entries(event.properties).map(([name, value]) => (
                <span key={name}>
                  {name} <b>{valueText(value, types[name])}</b>
                </span>
              ))}
          <span>{event.source}</span>
        </span>
      </div>
    </li>
  );
}
