import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { problemOf } from "@/api/problem";
import { Answered } from "@/components/answered";
import { EmptyState } from "@/components/empty_state";
import { MaskNote } from "@/components/masks";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { PageSkeleton } from "@/components/page_skeleton";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { useTitle } from "@/components/use_title";
import { customerName } from "@/text/address";
import { subtitleOf, titleOf } from "@/text/customer";
import { Attributes, NewAttribute } from "./attributes";
import { Consents, NewConsent } from "./consents";
import { EraseButton } from "./erase_button";
import { HistoryView } from "./history";
import { HistoryFilterFields, useHistoryFilter } from "./history_filter";
import { Identities, NewIdentity } from "./identities";
import { Lists, NewList, NewTag, Tags } from "./labels";
import { LookedAfter } from "./looked_after";
import { MembershipsPanel } from "./memberships";
import { MergeButton, Merges, Reviews } from "./merges";
import { Orders } from "./orders";
import styles from "./person_page.module.css";
import type { PartProps } from "./record";
import { useLists, useRecord, useReviews } from "./records";
import { RhythmPanel } from "./rhythm";
import { TestAccountButton, TestAccountMark } from "./test_account";

// The whole of one customer (客户档案). What may not be changed is only shown.
export function PersonPage({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const record = useRecord(customer);
  useTitle(record.data ? titleOf(record.data) : customer);
  if (record.isError && problemOf(record.error).status === 404) {
    return (
      <EmptyState title={t("person.gone_title")} text={t("person.gone_text", { customer })}>
        <Link to="/customers">{t("person.to_customers")}</Link>
      </EmptyState>
    );
  }
  if (record.isPending) return <PageSkeleton />;
  return (
    <Answered query={record}>
      {(known) => (
        <article data-testid="person">
          <Head record={known} />
          <div className={styles.page}>
            <Known record={known} />
            <div className={styles.done}>
              <RhythmPanel customer={customer} />
              <Panel title={t("order.orders")}>
                <Orders customer={customer} />
              </Panel>
              <Done customer={customer} />
            </div>
          </div>
        </article>
      )}
    </Answered>
  );
}

function Head({ record }: { record: Schema["Customer"] }) {
  const { t } = useTranslation();
  const mayWrite = useMay("customers.write");
  const mayMerge = useMay("customers.merge");
  const mayErase = useMay("customers.erase");
  return (
    <PageHead
      title={titleOf(record)}
      back={{ to: "/customers", label: t("person.to_customers") }}
      lead={
        <>
          <Told record={record} />
          {t("person.known_since")} <Moment value={record.known_since} exact brief /> ·{" "}
          {t("person.created")} <Moment value={record.created_at} exact brief />
          <TestAccountMark record={record} />
        </>
      }
      actions={
        <>
          {mayWrite && <TestAccountButton record={record} />}
          {mayMerge && <MergeButton record={record} />}
          {mayErase && <EraseButton record={record} />}
        </>
      }
    />
  );
}

function Told({ record }: { record: Schema["Customer"] }) {
  const told = subtitleOf(record);
  return told === "" ? null : <span className={styles.told}>{told}</span>;
}

// Who they are.
function Known({ record }: { record: Schema["Customer"] }) {
  const { t } = useTranslation();
  const mayWrite = useMay("customers.write");
  const mayLists = useMay("tags.write");
  const customer = customerName(record);
  const lists = useLists(mayLists).data?.lists ?? [];
  const changed = mayWrite ? { customer } : {};
  return (
    <div>
      <MaskNote attributes={record.attributes.map(({ name }) => name)} events />
      <LookedAfter customer={customer} />
      <MembershipsPanel customer={customer} />
      <Part title={t("person.identities")} empty={record.identities.length === 0}>
        <Identities identities={record.identities} {...changed} />
        {mayWrite && <NewIdentity customer={customer} />}
      </Part>
      <Part title={t("person.attributes")} empty={record.attributes.length === 0}>
        <Attributes attributes={record.attributes} {...changed} />
        {mayWrite && <NewAttribute customer={customer} attributes={record.attributes} />}
      </Part>
      <Part title={t("person.tags_only")} empty={record.tags.length === 0}>
        <Tags record={record} {...changed} />
        {mayWrite && <NewTag record={record} customer={customer} />}
      </Part>
      {(record.lists.length > 0 || lists.length > 0) && (
        <Part title={t("person.lists")} empty={record.lists.length === 0}>
          <Lists record={record} {...(mayLists ? { customer } : {})} />
          {mayLists && <NewList record={record} customer={customer} lists={lists} />}
        </Part>
      )}
      <Part title={t("person.consents")} empty={record.consents.length === 0}>
        <Consents consents={record.consents} />
        {mayWrite && <NewConsent customer={customer} />}
      </Part>
      <Joined record={record} />
    </div>
  );
}

function Joined({ record }: { record: Schema["Customer"] }) {
  const { t } = useTranslation();
  const mayMerge = useMay("customers.merge");
  const reviews = useReviews(record, mayMerge && record.merges.length > 0).data ?? [];
  if (record.merges.length === 0) return null;
  return (
    <Panel title={t("person.merges")}>
      <Merges merges={record.merges} undo={mayMerge} />
      {reviews.length > 0 && <Reviews reviews={reviews} />}
    </Panel>
  );
}

// What they did.
function Done({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const [filter, onChange] = useHistoryFilter();
  return (
    <Panel title={t("person.history")}>
      <HistoryView customer={customer} filter={filter}>
        {(sources) => <HistoryFilterFields {...{ filter, sources, onChange }} />}
      </HistoryView>
    </Panel>
  );
}

function Part({ title, empty, children }: PartProps) {
  const { t } = useTranslation();
  return (
    <Panel title={title}>
      {empty && <p className={styles.none}>{t("person.none")}</p>}
      {children}
    </Panel>
  );
}
