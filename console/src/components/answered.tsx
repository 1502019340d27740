import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ProblemAlert } from "./problem_alert";

interface Query<T> {
  data: T | undefined;
  isError: boolean;
  error: unknown;
  refetch(): unknown;
}

interface Props<T> {
  query: Query<T>;
  rows?: number;
  children(data: T): ReactNode;
}

// What was asked for, in its place: a skeleton while it is on its way, what happened if it failed.
export function Answered<T>({ query, rows = 5, children }: Props<T>) {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ProblemAlert error={query.error} retry={() => query.refetch()} />;
  return (
    <div aria-busy="true" aria-label={t("loading")} role="status">
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}
