// Lists that can be taken back, a page after the other; asked for when they are opened.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { ActorName } from "@/components/actor_name";
import { Answered } from "@/components/answered";
import { DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { formatCount } from "@/text/number";
import { useListChange } from "./list_row";
import styles from "./tags_page.module.css";

const LISTS_PER_PAGE = 50;

function useDeletedLists(enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["lists", "deleted"],
    enabled,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/lists/deleted", {
          params: {
            query: { limit: LISTS_PER_PAGE, ...(pageParam === "" ? {} : { after: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function DeletedLists({ count }: { count: number }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const deleted = useDeletedLists(open && count > 0);
  if (count === 0) return null;
  const title = t("tags.deleted_lists", { number: formatCount(count, i18n.language) });
  return (
    <details className={styles.deleted} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      <Answered query={deleted} rows={2}>
        {({ pages }) => (
          <DeletedTable title={title} lists={pages.flatMap((page) => page.deleted)} />
        )}
      </Answered>
      {deleted.hasNextPage && (
        <Button
          onClick={() => deleted.fetchNextPage()}
          loading={deleted.isFetchingNextPage}
          data-testid="more_deleted"
        >
          {t("tags.more_deleted")}
        </Button>
      )}
    </details>
  );
}

interface DeletedTableProps {
  title: string;
  lists: readonly Schema["DeletedList"][];
}

function DeletedTable({ title, lists }: DeletedTableProps) {
  const { t } = useTranslation();
  const mayWrite = useMay("lists.write");
  const restore = useListChange((id: number) =>
    answerOf(api.POST("/lists/{id}/restore", { params: { path: { id } } })),
  );
  return (
    <>
      {restore.isError && <ProblemAlert error={restore.error} />}
      <DataTable
        label={title}
        rows={lists}
        keyOf={({ id }) => id}
        empty={t("tags.no_lists")}
        columns={[
          { key: "name", title: t("person.list_name"), render: ({ name }) => name },
          {
            key: "deleted",
            title: t("tags.deleted"),
            render: ({ deleted_at, deleted_by }) => (
              <>
                <Moment value={deleted_at} /> <ActorName actor={deleted_by} />
              </>
            ),
          },
          {
            key: "do",
            title: "",
            render: ({ id, name }) =>
              mayWrite && (
                <Button
                  size="small"
                  aria-label={`${t("tags.restore_list")} ${name}`}
                  loading={restore.isPending && restore.variables === id}
                  onClick={() => restore.mutate(id)}
                >
                  {t("tags.restore_list")}
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
