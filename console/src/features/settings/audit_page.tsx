import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api } from "@/api/client";
import { Answered } from "@/components/answered";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { AuditEntries } from "./audit_entries";
import { AuditFilterFields, auditQuery, useAuditFilter } from "./audit_filter";
import styles from "./settings.module.css";

const ENTRIES_PER_PAGE = 50;

export default function AuditPage() {
  const { t } = useTranslation();
  const [filter, change] = useAuditFilter();
  const audit = useInfiniteQuery({
    queryKey: ["audit", filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/audit", {
          params: {
            query: {
              ...auditQuery(filter),
              limit: ENTRIES_PER_PAGE,
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return (
    <>
      <PageHead title={t("page.audit")} lead={t("settings.part.audit")} />
      <Panel>
        <AuditFilterFields filter={filter} onChange={change} />
        <Answered query={audit} rows={8}>
          {({ pages }) => <AuditEntries entries={pages.flatMap(({ entries }) => entries)} />}
        </Answered>
        {audit.hasNextPage && (
          <div className={styles.foot}>
            <Button
              onClick={() => audit.fetchNextPage()}
              loading={audit.isFetchingNextPage}
              data-testid="more_entries"
            >
              {t("audit.more")}
            </Button>
          </div>
        )}
      </Panel>
    </>
  );
}
