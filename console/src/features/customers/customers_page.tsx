import { Button, Input, Segmented } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigationType } from "react-router";
import { useIsEmpty } from "@/api/anybody";
import { useNames, useNamesQuery } from "@/api/names";
import { Answered } from "@/components/answered";
import { Behind } from "@/components/behind";
import { Choice } from "@/components/choice";
import { ColumnPicker } from "@/components/column_picker";
import { columnsFor } from "@/components/customer_columns";
import { ExportButton } from "@/components/export_button";
import { FirstImport } from "@/components/first_import";
import { useNotices } from "@/components/notices";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { useCount } from "@/components/rule/asking";
import { Heavy, useGate } from "@/components/rule/heavy";
import { RuleBuilder } from "@/components/rule/rule_builder";
import { useRuleDraft } from "@/components/rule/rule_draft";
import { RuleSentence } from "@/components/rule/rule_sentence";
import { useColumnTitle } from "@/components/use_column_title";
import { useDebounced } from "@/components/use_debounced";
import { questionAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { isSortable, type ListAddress, useListAddress } from "./address";
import { type Asked, type Person, type Row, useTable } from "./asking";
import { SELECTED_MAX } from "./bulk";
import { BulkBar, useMayAssign } from "./bulk_bar";
import { COLUMNS_MAX } from "./columns";
import { CustomerTable } from "./customer_table";
import styles from "./customers_page.module.css";

const SEARCH_WAIT_MS = 200;

export function CustomersPage() {
  const { t } = useTranslation();
  const address = useListAddress();
  const mayAsk = useMay("audiences.read");
  const empty = useIsEmpty();
  const { byRule } = address;
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
              onChange={(next) => address.turn(next === "rule")}
            />
          )}
          {!byRule && <Search address={address} />}
          <Order address={address} />
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
  const { key } = useLocation();
  const how = useNavigationType();
  useEffect(() => {
    // What is typed replaces the address; the menu, Back and links lead here otherwise.
    if (how !== "REPLACE") setText(search);
  }, [key]);
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
  const offered = columnsFor(useNames());
  const known = offered.filter((column) => columns.includes(column));
  return (
    <details className={styles.columns}>
      <summary>{t("customers.columns", { count: known.length })}</summary>
      <div className={styles.choices}>
        <ColumnPicker offered={offered} chosen={columns} most={COLUMNS_MAX} onChange={show} />
      </div>
    </details>
  );
}

// On the phone, where columns have no heads.
function Order({ address: { columns, sort, order } }: { address: ListAddress }) {
  const { t } = useTranslation();
  const titleOf = useColumnTitle();
  const offered = columnsFor(useNames()).filter((column) => isSortable(column, columns));
  if (offered.length === 0) return null;
  const options = offered.flatMap((column) => [
    { value: column, label: t("customers.ascending", { column: titleOf(column) }) },
    { value: `-${column}`, label: t("customers.descending", { column: titleOf(column) }) },
  ]);
  return (
    <Choice
      className={styles.order ?? ""}
      aria-label={t("customers.order")}
      value={sort ? `${sort.descending ? "-" : ""}${sort.column}` : ""}
      options={[{ value: "", label: t("customers.as_found") }, ...options]}
      onChange={(next) =>
        order(
          next === "" ? null : { column: next.replace(/^-/, ""), descending: next.startsWith("-") },
        )
      }
    />
  );
}

function BySearch({ address }: { address: ListAddress }) {
  const { t } = useTranslation();
  const { search, sort } = address;
  return (
    <Panel>
      <Table address={address} asked={{ search, rule: "", at: null }} total={null}>
        {(columns) => (
          <ExportButton
            question={{ ...(search === "" ? {} : { search }), ...(sort === null ? {} : { sort }) }}
            whom={
              search === "" ? t("customers.everybody") : t("customers.found_by", { text: search })
            }
            columns={columns}
          />
        )}
      </Table>
    </Panel>
  );
}

// The people at the very moment the count was taken, so that both agree.
function ByRule({ address }: { address: ListAddress }) {
  const { t, i18n } = useTranslation();
  const { rule, sort } = address;
  const gate = useGate({ rule, at: null });
  const count = useCount({ rule, at: null }, gate.open);
  if (gate.heavy !== null) {
    return (
      <Panel>
        <Heavy gate={gate} />
      </Panel>
    );
  }
  return (
    <Panel>
      <Answered query={count} rows={10}>
        {({ count, at }) => {
          const total = formatCount(count, i18n.language);
          const matching = t("customers.matching", { count, total });
          return (
            <Table address={address} asked={{ search: "", rule, at }} total={count}>
              {(columns) => (
                <>
                  <span>
                    <RuleSentence rule={rule} />
                  </span>
                  <span role="status">
                    <Link to={questionAddress({ rule })}>{matching}</Link>
                  </span>
                  {count > 0 && (
                    <ExportButton
                      question={{ rule, at, ...(sort === null ? {} : { sort }) }}
                      whom={matching}
                      columns={columns}
                    />
                  )}
                </>
              )}
            </Table>
          );
        }}
      </Answered>
    </Panel>
  );
}

interface TableProps {
  address: ListAddress;
  asked: Omit<Asked, "columns" | "sort">;
  // How many satisfy the rule; null: there is none.
  total: number | null;
  // Above it: how many they are, and what can be done with all of them.
  children(columns: readonly string[]): ReactNode;
}

function Table({ address, asked, total, children }: TableProps) {
  const names = useNamesQuery();
  const offered = columnsFor(names.data);
  // A column of the address may be of another day.
  const columns = address.columns.filter((column) => offered.includes(column));
  const sort = address.sort && isSortable(address.sort.column, columns) ? address.sort : null;
  const table = useTable({ ...asked, columns, sort }, !names.isPending);
  return (
    <>
      <div className={styles.over}>{children(columns)}</div>
      <Answered query={table} rows={10}>
        {({ pages }) => (
          <>
            <Behind answer={pages.find(({ fresh }) => !fresh)} />
            <List
              address={address}
              columns={columns}
              people={pages.flatMap(({ customers }) => customers)}
              more={table}
              everybody={total === null ? null : { rule: asked.rule, count: total }}
            />
          </>
        )}
      </Answered>
    </>
  );
}

interface ListProps {
  address: ListAddress;
  columns: readonly string[];
  people: readonly Row[];
  more: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
  // All that satisfy a rule can be chosen at once.
  everybody: { rule: string; count: number } | null;
}

function List({ address, columns, people, more, everybody }: ListProps) {
  const { t, i18n } = useTranslation();
  const notices = useNotices();
  const mayTag = useMay("tags.write");
  const mayAssign = useMayAssign();
  const mayChange = mayTag || mayAssign;
  const [selected, setSelected] = useState<ReadonlyMap<number, Person>>(new Map());
  const [all, setAll] = useState(false);
  const select = (chosen: readonly Person[], on: boolean) => {
    const next = new Map(selected);
    for (const { id, key } of chosen) {
      if (on) next.set(id, { id, key });
      else next.delete(id);
    }
    setAll(false);
    if (next.size > SELECTED_MAX) notices.warning(t("customers.at_most", { count: SELECTED_MAX }));
    else setSelected(next);
  };
  const clear = () => {
    setAll(false);
    setSelected(new Map());
  };
  return (
    <>
      {mayChange && everybody && everybody.count > people.length && !all && (
        <Button type="link" className={styles.everybody ?? ""} onClick={() => setAll(true)}>
          {t("customers.select_all", { total: formatCount(everybody.count, i18n.language) })}
        </Button>
      )}
      <CustomerTable
        people={people}
        columns={columns}
        {...(mayChange ? { selected } : {})}
        onSelect={select}
        sort={address.sort}
        onSort={address.order}
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
      {mayChange && (
        <BulkBar
          whom={all && everybody ? { rule: everybody.rule } : { people: [...selected.values()] }}
          count={all && everybody ? everybody.count : selected.size}
          onClear={clear}
        />
      )}
    </>
  );
}
