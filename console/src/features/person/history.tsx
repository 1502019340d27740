import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useNames } from "@/api/names";
import { Answered } from "@/components/answered";
import { useLabels } from "@/components/use_labels";
import { useValueText } from "@/components/use_value_text";
import { useZone } from "@/components/zone";
import { formatClock, formatDay, formatMoment } from "@/text/moment";
import { changeOf, changeText, detailsOf, moveOf, propertyTypes } from "./event_words";
import styles from "./history.module.css";
import { EVERYTHING, type HistoryFilter, isEverything } from "./history_filter";
import { MoveWords } from "./move_words";
import { useHistory } from "./records";

type Event = Schema["Event"];

interface Props {
  customer: string;
  // Nothing else is shown; without it: all.
  filter?: HistoryFilter;
  // Above, with the sources of what is shown.
  children?(sources: readonly string[]): ReactNode;
}

export function HistoryView({ customer, filter = EVERYTHING, children }: Props) {
  const history = useHistory(customer, filter);
  const events = (history.data?.pages ?? []).flatMap((page) => page.events);
  return (
    <>
      {children?.([...new Set(events.map(({ source }) => source))].filter((each) => each !== ""))}
      <Answered query={history} rows={6}>
        {() => <Events history={history} events={events} all={isEverything(filter)} />}
      </Answered>
    </>
  );
}

interface EventsProps {
  history: ReturnType<typeof useHistory>;
  events: readonly Event[];
  all: boolean;
}

function Events({ history, events, all }: EventsProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = history;
  return (
    <>
      {events.length === 0 && (
        <p className={styles.none}>{t(all ? "person.no_events" : "person.none_of_name")}</p>
      )}
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
      {hasNextPage && (
        <Button onClick={() => fetchNextPage()} loading={isFetchingNextPage}>
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
  const labels = useLabels();
  const zone = useZone();
  return (
    <li className={styles.event}>
      <time dateTime={event.time} title={`${formatMoment(event.time, zone, true)} ${zone}`}>
        {formatClock(event.time, zone)}
      </time>
      <div className={styles.what}>
        <span className={styles.label} title={event.event}>
          {labels.event(event.event)}
        </span>
        <span className={styles.properties}>
          <Details event={event} />
          <span>{event.source}</span>
        </span>
      </div>
    </li>
  );
}

// What a change of the record or of a stage was; of everything else its properties.
function Details({ event }: { event: Event }) {
  const names = useNames();
  const labels = useLabels();
  const valueText = useValueText();
  const move = moveOf(event);
  if (move) return <MoveWords move={move} />;
  const change = changeOf(event);
  if (change) {
    if (!change.changed) return null;
    return (
      <span>
        {event.event === "attribute_changed" ? labels.attribute(change.changed) : change.changed}
        {" "}
        <b>{changeText(change, (value) => valueText(value, undefined))}</b>
      </span>
    );
  }
  const types = propertyTypes(names, event.event);
  return detailsOf(event).map(([name, value]) => (
    <span key={name} title={name}>
      {labels.property(event.event, name)} <b>{valueText(value, types[name])}</b>
    </span>
  ));
}
