import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { Choice } from "@/components/choice";
import { type Column, DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { differenceOf } from "./difference";
import styles from "./settings.module.css";

type Entry = Schema["AuditEntry"];

const ENTRIES_PER_PAGE = 50;
const NOUNS = [
  "user",
  "session",
  "key",
  "setting",
  "customer",
  "tag",
  "list",
  "audience",
  "import",
] as const;

export default function AuditPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const noun = search.get("noun") ?? "";
  const audit = useInfiniteQuery({
    queryKey: ["audit", noun],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/audit", {
          params: {
            query: {
              limit: ENTRIES_PER_PAGE,
              ...(noun === "" ? {} : { noun }),
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const options = [
    { value: "", label: t("audit.all") },
    ...NOUNS.map((each) => ({ value: each as string, label: t(`audit.noun.${each}`) })),
  ];
  return (
    <>
      <PageHead title={t("page.audit")} lead={t("settings.part.audit")} />
      <Panel>
        <div className={styles.filter}>
          <Choice
            aria-label={t("audit.of")}
            value={noun}
            options={options}
            onChange={(next) => setSearch(next === "" ? {} : { noun: next })}
          />
        </div>
        <Answered query={audit} rows={8}>
          {({ pages }) => <Entries entries={pages.flatMap(({ entries }) => entries)} />}
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

function Entries({ entries }: { entries: readonly Entry[] }) {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  const wordOf = (kind: "noun" | "verb", word: string) =>
    i18n.exists(`audit.${kind}.${word}`) ? say(`audit.${kind}.${word}`) : word;
  const columns: Column<Entry>[] = [
    { key: "at", title: t("audit.at"), render: ({ at }) => <Moment value={at} /> },
    {
      key: "who",
      title: t("audit.who"),
      // "user:1 zhang.wei": the name first.
      render: ({ actor, from }) => {
        const [id = "", ...name] = actor.split(" ");
        return (
          <>
            {name.length > 0 ? name.join(" ") : id}
            <small className={styles.more}>
              {[name.length > 0 ? id : "", from].filter(Boolean).join(" · ")}
            </small>
          </>
        );
      },
    },
    {
      key: "what",
      title: t("audit.what"),
      render: ({ noun, verb, subject }) => (
        <>
          {wordOf("verb", verb)} {wordOf("noun", noun)}
          {subject && <small className={styles.more}>{subject}</small>}
        </>
      ),
    },
    {
      key: "change",
      title: t("audit.change"),
      render: ({ before, after }) => <Change before={before} after={after} />,
    },
  ];
  return (
    <DataTable
      label={t("page.audit")}
      columns={columns}
      rows={entries}
      keyOf={({ id }) => id}
      empty={t("audit.none")}
    />
  );
}

function Change({ before, after }: { before: unknown; after: unknown }) {
  const { t } = useTranslation();
  const differences = differenceOf(before, after);
  if (differences.length === 0) return null;
  return (
    <dl className={styles.change}>
      {differences.map((each) => (
        <div key={each.path}>
          <dt>{each.path || t("audit.value")}</dt>
          <dd>
            {each.before !== undefined && <del>{each.before || t("settings.empty")}</del>}
            {each.before !== undefined && each.after !== undefined && " → "}
            {each.after !== undefined && <ins>{each.after || t("settings.empty")}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
