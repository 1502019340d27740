import { Alert, Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatClock, formatDay, formatMoment } from "@/text/moment";
import styles from "./answered.module.css";
import { ProblemAlert } from "./problem_alert";
import { useProblemText } from "./problem_text";
import { useZone } from "./zone";

interface Query<T> {
  data: T | undefined;
  isError: boolean;
  isRefetchError: boolean;
  isPaused: boolean;
  isPlaceholderData: boolean;
  // Of lists that come in pages.
  isFetchNextPageError?: boolean;
  dataUpdatedAt: number;
  error: unknown;
  refetch(): unknown;
}

interface Props<T> {
  query: Query<T>;
  rows?: number;
  children(data: T): ReactNode;
}

type Told = "data" | "isRefetchError" | "isPaused" | "isPlaceholderData";

// Whether what is shown is from before, since it cannot be asked for again. What only keeps the
// place of another answer was never true of this one, at no moment that could be said.
export const isOld = ({
  data,
  isRefetchError,
  isPaused,
  isPlaceholderData,
}: Pick<Query<unknown>, Told>): boolean =>
  data !== undefined && !isPlaceholderData && (isRefetchError || isPaused);

// What was asked for, in its place: a skeleton while it is on its way, what happened if it failed.
// What was here before a failure stays, and says since when nothing is known.
export function Answered<T>({ query, rows = 5, children }: Props<T>) {
  const { t } = useTranslation();
  if (query.data !== undefined) {
    return (
      <>
        {isOld(query) && <Old query={query} />}
        {children(query.data)}
        {query.isFetchNextPageError && <ProblemAlert error={query.error} />}
      </>
    );
  }
  if (query.isError) return <ProblemAlert error={query.error} retry={() => query.refetch()} />;
  return (
    <div aria-busy="true" aria-label={t("loading")} role="status">
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

// "12:03", with the day when it is another.
export function useClockOf(): (time: number) => string {
  const zone = useZone();
  return (time) => {
    const moment = new Date(time).toISOString();
    const isToday = formatDay(moment, zone) === formatDay(new Date().toISOString(), zone);
    return isToday ? formatClock(moment, zone) : formatMoment(moment, zone).slice(0, 16);
  };
}

// Since when nothing is known, and why.
export function Old({ query }: { query: Query<unknown> }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const clockOf = useClockOf();
  const reason = query.isRefetchError
    ? problemText(query.error).happened
    : t("error.console.no_connection");
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className={styles.old ?? ""}
      title={t("old", { at: clockOf(query.dataUpdatedAt), reason })}
      action={
        <Button size="small" onClick={() => query.refetch()}>
          {t("again")}
        </Button>
      }
    />
  );
}
