// The customers somebody of the staff has: who they are, giving them more, taking some away or
// handing them to somebody else.
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { assign } from "@/components/assigning";
import { type CustomerChoice, CustomerField } from "@/components/customer_field";
import { DataTable } from "@/components/data_table";
import { MoreRows } from "@/components/more_rows";
import { useNotices } from "@/components/notices";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { type StaffChoice, StaffField } from "@/components/staff_field";
import { customerAddress, customerName } from "@/text/address";
import { titleOf } from "@/text/customer";
import { formatCount } from "@/text/number";

import styles from "./staff_customers.module.css";

type Member = Schema["Staff"];
type Person = Schema["NamedPerson"];

const ROWS_PER_PAGE = 50;

export function StaffCustomers({ member }: { member: Member }) {
  const { t } = useTranslation();
  const mayAssign = useMay("customers.assign");
  const customers = useInfiniteQuery({
    queryKey: ["customers", "of_staff", member.id],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/staff/{id}/customers", {
          params: {
            path: { id: member.id },
            query: { limit: ROWS_PER_PAGE, ...(pageParam === "" ? {} : { after: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  return (
    <>
      {mayAssign && member.state === "active" && <GiveOne member={member} />}
      <Answered query={customers}>
        {({ pages }) => (
          <People
            member={member}
            people={pages.flatMap((page) => page.customers)}
            mayAssign={mayAssign}
          />
        )}
      </Answered>
      <MoreRows pages={customers} />
      <p className={styles.note}>{t("staff.more_from_list")}</p>
    </>
  );
}

interface Given {
  staff: number;
  customers: readonly string[];
  on: boolean;
}

function useAssign() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ staff, customers, on }: Given) => assign({ staff, on }, customers),
    onSettled: () => askAgainAfter(client, "customers"),
  });
}

function GiveOne({ member }: { member: Member }) {
  const { t } = useTranslation();
  const [chosen, choose] = useState<CustomerChoice | null>(null);
  const give = useAssign();
  const submit = () => {
    if (!chosen) return;
    give.mutate(
      { staff: member.id, customers: [chosen.customer], on: true },
      { onSuccess: () => choose(null) },
    );
  };
  return (
    <>
      <div className={styles.give}>
        <CustomerField chosen={chosen} onChoose={choose} />
        <Button disabled={!chosen} loading={give.isPending} onClick={submit}>
          {t("staff.give", { name: member.name })}
        </Button>
      </div>
      {give.isError && <ProblemAlert error={give.error} />}
    </>
  );
}

interface PeopleProps {
  member: Member;
  people: readonly Person[];
  mayAssign: boolean;
}

function People({ member, people, mayAssign }: PeopleProps) {
  const { t } = useTranslation();
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const chosen = people.filter(({ id }) => selected.has(id));
  const select = (ids: readonly number[], on: boolean) => {
    const next = new Set(selected);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    setSelected(next);
  };
  return (
    <>
      {mayAssign && people.length > 0 && (
        <Checkbox
          className={styles.all ?? ""}
          checked={chosen.length === people.length}
          indeterminate={chosen.length > 0 && chosen.length < people.length}
          onChange={({ target }) =>
            select(
              people.map(({ id }) => id),
              target.checked,
            )
          }
        >
          {t("customers.select_shown", { count: people.length })}
        </Checkbox>
      )}
      <DataTable
        label={t("staff.customers")}
        rows={people}
        keyOf={({ id }) => id}
        empty={t("staff.no_customers")}
        columns={[
          {
            key: "name",
            title: t("staff.customers"),
            render: (person) => (
              <span className={styles.who}>
                {mayAssign && (
                  <Checkbox
                    aria-label={t("customers.select", { name: titleOf(person) })}
                    checked={selected.has(person.id)}
                    onChange={({ target }) => select([person.id], target.checked)}
                  />
                )}
                <span>
                  <Link to={customerAddress(person)}>{titleOf(person)}</Link>
                  {person.name !== null && <small className={styles.key}>{person.key}</small>}
                </span>
              </span>
            ),
          },
        ]}
      />
      {chosen.length > 0 && (
        <Chosen
          member={member}
          customers={chosen.map(customerName)}
          onDone={() => setSelected(new Set())}
        />
      )}
    </>
  );
}

interface ChosenProps {
  member: Member;
  customers: readonly string[];
  onDone(): void;
}

// What can be done with those who were chosen. Handed over they are given first: nobody is without.
function Chosen({ member, customers, onDone }: ChosenProps) {
  const { t, i18n } = useTranslation();
  const notices = useNotices();
  const [other, setOther] = useState<StaffChoice | null>(null);
  const change = useAssign();
  const take = () => change.mutateAsync({ staff: member.id, customers, on: false });
  const count = formatCount(customers.length, i18n.language);
  const tell = (words: string) => {
    void notices.success(words);
    onDone();
  };
  const unassign = async () => {
    try {
      await take();
      tell(t("staff.taken", { count: customers.length, total: count, name: member.name }));
    } catch {
      // Said below.
    }
  };
  const handOver = async () => {
    if (!other) return;
    try {
      await change.mutateAsync({ staff: other.staff, customers, on: true });
      await take();
      tell(t("staff.handed", { count: customers.length, total: count, name: other.label }));
    } catch {
      // Said below.
    }
  };
  return (
    <section className={styles.bar} aria-label={t("customers.bulk")} data-testid="chosen">
      <strong>{t("customers.selected", { count: customers.length, total: count })}</strong>
      <div className={styles.other}>
        <StaffField chosen={other} onChoose={setOther} but={member.id} above />
        <Button disabled={!other} loading={change.isPending} onClick={() => void handOver()}>
          {t("staff.hand_over")}
        </Button>
      </div>
      <Button loading={change.isPending} onClick={() => void unassign()}>
        {t("person.unassign")}
      </Button>
      <Button type="text" onClick={onDone}>
        {t("customers.clear")}
      </Button>
      {change.isError && <ProblemAlert error={change.error} />}
    </section>
  );
}
