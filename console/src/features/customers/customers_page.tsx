import { Button, Checkbox, Input, Segmented } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useIsEmpty } from "@/api/anybody";
import { useNames } from "@/api/names";
import { Answered } from "@/components/answered";
import { FirstImport } from "@/components/first_import";
import { useNotices } from "@/components/notices";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { useCount, usePeople } from "@/components/rule/asking";
import { RuleBuilder } from "@/components/rule/rule_builder";
import { useRuleDraft } from "@/components/rule/rule_draft";
import { useDebounced } from "@/components/use_debounced";
import { questionAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { type ListAddress, useListAddress } from "./address";
import { type Person, useFound } from "./asking";
import { SELECTED_MAX } from "./bulk";
import { BulkBar } from "./bulk_bar";
import { COLUMNS_MAX, columnsFor, useColumnTitle } from "./columns";
import { CustomerTable } from "./customer_table";
import styles from "./customers_page.module.css";

const SEARCH_WAIT_MS = 200;

export function CustomersPage() {
  const { t } = useTranslation();
  const address = useListAddress();
  const mayAsk = useMay("audiences.read");
  const empty = useIsEmpty();
  const [byRule, setByRule] = useState(address.rule !== "");
  if (empty) {
    return (
      <>
        <PageHead title={t("page.customers")} />
        <Panel>
          <FirstImport />
        </Panel>
      </>
    );
  }
  return (
    <>
      <PageHead title={t("page.customers")} lead={t("customers.lead")} />
      <Panel>
        <div className={styles.tools}>
          {mayAsk && (
            <Segmented
              aria-label={t("customers.how")}
              value={byRule ? "rule" : "search"}
              options={[
                { value: "search", label: t("customers.by_search") },
                { value: "rule", label: t("customers.by_rule") },
              ]}
              onChange={(next) => {
                setByRule(next === "rule");
                if (next === "search" && address.rule !== "") address.find("");
              }}
            />
          )}
          {!byRule && <Search address={address} />}
          <ColumnChoice address={address} />
        </div>
        {byRule && <Filter key={address.rule} address={address} />}
      </Panel>
      {byRule && address.rule !== "" ? (
        <ByRule address={address} />
      ) : (
        <BySearch address={address} />
      )}
    </>
  );
}

function Search({ address }: { address: ListAddress }) {
  const { t } = useTranslation();
  const [text, setText] = useState(address.search);
  const settled = useDebounced(text.trim(), SEARCH_WAIT_MS);
  const { search, find } = address;
  useEffect(() => {
    if (settled !== search) find(settled);
    // Only what is typed moves the address.
  }, [settled]);
  return (
    <Input
      type="search"
      className={styles.search ?? ""}
      autoComplete="off"
      aria-label={t("person.find")}
      placeholder={t("person.find")}
      data-testid="search"
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

function Filter({ address }: { address: ListAddress }) {
  const { t } = useTranslation();
  const draft = useRuleDraft(address.rule);
  const apply = () => {
    if (!draft.wrong && draft.text.trim() !== "") address.filter(draft.text.trim());
  };
  return (
    <form
      className={styles.filter}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <RuleBuilder draft={draft} onSubmit={apply} />
      <Button
        type="primary"
        htmlType="submit"
        disabled={draft.wrong || draft.text.trim() === ""}
        className={styles.apply ?? ""}
      >
        {t("customers.apply")}
      </Button>
    </form>
  );
}

function ColumnChoice({ address: { columns, show } }: { address: ListAddress }) {
  const { t } = useTranslation();
  const titleOf = useColumnTitle();
  const offered = columnsFor(useNames());
  const known = offered.filter((column) => columns.includes(column));
  return (
    <details className={styles.columns}>
      <summary>{t("customers.columns", { count: columns.length })}</summary>
      <fieldset className={styles.choices}>
        <legend className="for-readers">{t("customers.which_columns")}</legend>
        {offered.map((column) => (
          <Checkbox
            key={column}
            checked={columns.includes(column)}
            disabled={!columns.includes(column) && known.length >= COLUMNS_MAX}
            onChange={({ target }) =>
              show(
                offered.filter((each) =>
                  each === column ? target.checked : columns.includes(each),
                ),
              )
            }
          >
            {titleOf(column)}
          </Checkbox>
        ))}
      </fieldset>
    </details>
  );
}

function BySearch({ address }: { address: ListAddress }) {
  const found = useFound(address.search, true);
  return (
    <Panel>
      <Answered query={found} rows={10}>
        {({ pages }) => (
          <List
            address={address}
            people={pages.flatMap(({ customers }) => customers)}
            more={found}
          />
        )}
      </Answered>
    </Panel>
  );
}

function ByRule({ address }: { address: ListAddress }) {
  const { t, i18n } = useTranslation();
  const { rule } = address;
  const count = useCount({ rule, at: null });
  const people = usePeople(rule, count.data?.at ?? null);
  return (
    <Panel>
      <Answered query={count} rows={10}>
        {({ count: total }) => (
          <>
            <p className={styles.total} role="status">
              <Link to={questionAddress({ rule })}>
                {t("customers.matching", { total: formatCount(total, i18n.language) })}
              </Link>
            </p>
            <Answered query={people} rows={10}>
              {({ pages }) => (
                <List
                  address={address}
                  people={pages.flatMap(({ customers }) => customers)}
                  more={people}
                />
              )}
            </Answered>
          </>
        )}
      </Answered>
    </Panel>
  );
}

interface ListProps {
  address: ListAddress;
  people: readonly Person[];
  more: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
}

function List({ address, people, more }: ListProps) {
  const { t } = useTranslation();
  const notices = useNotices();
  const mayWrite = useMay("customers.write");
  const [selected, setSelected] = useState<ReadonlyMap<number, Person>>(new Map());
  const select = (chosen: readonly Person[], on: boolean) => {
    const next = new Map(selected);
    for (const { id, key } of chosen) {
      if (on) next.set(id, { id, key });
      else next.delete(id);
    }
    if (next.size > SELECTED_MAX) notices.warning(t("customers.at_most", { count: SELECTED_MAX }));
    else setSelected(next);
  };
  return (
    <>
      <CustomerTable
        people={people}
        columns={address.columns}
        {...(mayWrite ? { selected } : {})}
        onSelect={select}
      />
      {more.hasNextPage && (
        <Button
          className={styles.more ?? ""}
          onClick={() => more.fetchNextPage()}
          loading={more.isFetchingNextPage}
          data-testid="more"
        >
          {t("question.more_people")}
        </Button>
      )}
      {mayWrite && (
        <BulkBar selected={[...selected.values()]} onClear={() => setSelected(new Map())} />
      )}
    </>
  );
}
