// Who of the staff looks after a customer, and who did.
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { answerOf, api, type Schema } from "@/api/client";
import { ActorName } from "@/components/actor_name";
import { Answered } from "@/components/answered";
import { type Assignment, assign } from "@/components/assigning";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { type StaffChoice, StaffField } from "@/components/staff_field";
import { staffAddress } from "@/text/address";
import styles from "./looked_after.module.css";
import { useRecordChange } from "./record_change";

type Assigned = Schema["Assignments"]["assignments"][number];

export function LookedAfter({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const mayAssign = useMay("customers.assign");
  const seesStaff = useMay("accounts.read");
  const all = useQuery({
    queryKey: ["customers", customer, "staff"],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/customers/{customer}/staff", { params: { path: { customer } }, signal })),
  });
  const change = useRecordChange((assignment: Assignment) => assign(assignment, [customer]));
  return (
    <Panel title={t("person.looked_after")} testId="looked_after">
      <Answered query={all} rows={1}>
        {({ assignments }) => {
          const standing = assignments.filter(({ to }) => to === null);
          // Of two who were merged each may have been given to the same.
          const now = [...new Map(standing.map((each) => [each.staff, each])).values()];
          const before = assignments.filter(({ to }) => to !== null);
          return (
            <>
              {now.length === 0 && <p className={styles.none}>{t("person.nobody_yet")}</p>}
              <ul className={styles.people}>
                {now.map((each) => (
                  <li key={each.staff}>
                    <Who {...{ each, seesStaff }} />
                    {mayAssign && (
                      <Button
                        type="text"
                        size="small"
                        loading={change.isPending && change.variables?.staff === each.staff}
                        aria-label={`${t("person.unassign")} ${each.name}`}
                        onClick={() => change.mutate({ staff: each.staff, on: false })}
                      >
                        {t("person.unassign")}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
              {before.length > 0 && <Before {...{ before, seesStaff }} />}
            </>
          );
        }}
      </Answered>
      {mayAssign && seesStaff && (
        <Give busy={change.isPending} onGive={(staff) => change.mutateAsync({ staff, on: true })} />
      )}
    </Panel>
  );
}

function Who({ each, seesStaff }: { each: Assigned; seesStaff: boolean }) {
  const { t } = useTranslation();
  const { staff, name, number, from, by } = each;
  return (
    <span className={styles.who}>
      {seesStaff ? <Link to={staffAddress(staff)}>{name}</Link> : name}
      <small className={styles.more}>
        {number} · {t("person.node_since")} <Moment value={from} exact brief /> ·{" "}
        <ActorName actor={by} />
      </small>
    </span>
  );
}

function Before({ before, seesStaff }: { before: readonly Assigned[]; seesStaff: boolean }) {
  const { t } = useTranslation();
  return (
    <details className={styles.before}>
      <summary>{t("person.looked_after_before", { count: before.length })}</summary>
      <ul className={styles.people}>
        {before.map((each) => (
          <li key={`${each.staff} ${each.from} ${each.to}`}>
            <span className={styles.who}>
              {seesStaff ? <Link to={staffAddress(each.staff)}>{each.name}</Link> : each.name}
              <small className={styles.more}>
                {each.number} · <Moment value={each.from} exact brief /> –{" "}
                <Moment value={each.to ?? each.from} exact brief />
              </small>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Give({ busy, onGive }: { busy: boolean; onGive(staff: number): Promise<unknown> }) {
  const { t } = useTranslation();
  const [chosen, choose] = useState<StaffChoice | null>(null);
  const give = async () => {
    if (!chosen) return;
    try {
      await onGive(chosen.staff);
      choose(null);
    } catch {
      // Said by who was asked.
    }
  };
  return (
    <div className={styles.give}>
      <StaffField chosen={chosen} onChoose={choose} />
      <Button disabled={!chosen} loading={busy} onClick={() => void give()}>
        {t("person.assign")}
      </Button>
    </div>
  );
}
