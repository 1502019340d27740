// Which entries of the audit are shown: in the address, so that it can be shared.
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { answerOf, api } from "@/api/client";
import type { paths } from "@/api/generated/schema";
import { Choice } from "@/components/choice";
import { DayFields, FilterField, Filters } from "@/components/filters";
import { useMay } from "@/components/permissions";
import { dayAfter, isDay } from "@/text/days";
import { AuditCustomerField, isCustomerNumber } from "./audit_customer";

type Query = NonNullable<paths["/audit"]["get"]["parameters"]["query"]>;

const NOUNS = [
  "customer",
  "tag",
  "list",
  "attribute",
  "audience",
  "import",
  "merge_review",
  "event_type",
  "identity_kind",
  "purpose",
  "channel",
  "saved_mapping",
  "bulk_change",
  "export",
  "account",
  "store",
  "staff",
  "user",
  "session",
  "second_factor",
  "key",
  "setting",
  "backup",
  "question",
  "asset",
  "ledger_account",
  "ledger_bundle",
  "dead_letter",
  "pause",
  "lane",
  "webhook",
  "http_channel",
] as const;
// Of customers, and of everything else.
const OF_CUSTOMERS = [
  "customer_created",
  "attribute_changed",
  "tag_added",
  "tag_removed",
  "list_joined",
  "list_left",
  "identity_added",
  "identity_removed",
  "consent_given",
  "consent_withdrawn",
  "customers_merged",
  "customers_unmerged",
  "assigned",
  "unassigned",
  "test_account_set",
  "test_account_taken",
  "erased",
] as const;
const VERBS = [
  "created",
  "changed",
  "renamed",
  "deleted",
  "restored",
  "declared",
  "registered",
  "started",
  "begun",
  "stopped",
  "ended",
  "decided",
  "revoked",
  "turned_on",
  "turned_off",
  "recovery_code_used",
  "opened",
  "posted",
  "held",
  "committed",
  "released",
  "tested",
  "replayed",
  "dropped",
] as const;
const verbsOf = (noun = ""): readonly string[] => (noun === "customer" ? OF_CUSTOMERS : VERBS);
const KINDS = ["user", "key", "import", "command_line", "system"] as const;

const PARTS = ["noun", "verb", "by", "customer", "from", "to"] as const;
export type AuditFilter = Partial<Record<(typeof PARTS)[number], string>>;

// Days that are none, and whoever was once searched for by a phone, are asked for no more.
function isPart(part: (typeof PARTS)[number], value: string): boolean {
  if (part === "from" || part === "to") return isDay(value);
  return part !== "customer" || isCustomerNumber(value);
}

export function useAuditFilter(): [AuditFilter, (changed: AuditFilter) => void] {
  const [search, setSearch] = useSearchParams();
  const filter: AuditFilter = {};
  for (const part of PARTS) {
    const value = search.get(part);
    if (value && isPart(part, value)) filter[part] = value;
  }
  // What is asked for is what the fields show: a verb that the noun does not have is none.
  if (filter.verb && !verbsOf(filter.noun).some((verb) => verb === filter.verb)) {
    delete filter.verb;
  }
  const change = (changed: AuditFilter) => {
    // Verbs of customers are none of anything else.
    const verb = changed.noun === undefined ? {} : { verb: "" };
    const all = { ...filter, ...verb, ...changed };
    const next = Object.entries(all).filter(([, value]) => value !== "");
    setSearch(new URLSearchParams(next), { replace: true });
  };
  // Nor does it stay in the address that is shared, or in what the browser remembers.
  const rest = new URLSearchParams(search);
  for (const part of PARTS) if (filter[part] === undefined) rest.delete(part);
  const kept = rest.toString();
  const dropped = kept !== search.toString();
  useEffect(() => {
    if (dropped) setSearch(kept, { replace: true });
  }, [dropped, kept, setSearch]);
  return [filter, change];
}

// As the program is asked: whole days of the workspace, the last one included.
export function auditQuery({ noun, verb, by, customer, from, to }: AuditFilter): Query {
  const kind = KINDS.find((each) => each === by);
  return {
    ...(noun ? { noun } : {}),
    ...(verb ? { verb } : {}),
    ...(kind ? { actor_kind: kind } : {}),
    ...(by && !kind ? { actor: by } : {}),
    ...(customer ? { customer } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to: dayAfter(to) } : {}),
  };
}

interface Props {
  filter: AuditFilter;
  onChange(changed: AuditFilter): void;
}

export function AuditFilterFields({ filter, onChange }: Props) {
  const { t } = useTranslation();
  const actors = useActors(filter.by ?? "");
  const optionsOf = <Value extends string>(
    values: readonly Value[],
    wordOf: (value: Value) => string,
  ) => [
    { value: "", label: t("audit.all") },
    ...values.map((value) => ({ value, label: wordOf(value) })),
  ];
  return (
    <Filters>
      <FilterField label={t("audit.of")}>
        {(id) => (
          <Choice
            id={id}
            value={filter.noun ?? ""}
            options={optionsOf(NOUNS, (each) => t(`audit.noun.${each}`))}
            onChange={(noun) => onChange({ noun })}
          />
        )}
      </FilterField>
      <FilterField label={t("audit.done")}>
        {(id) => (
          <Choice
            id={id}
            value={filter.verb ?? ""}
            options={
              filter.noun === "customer"
                ? optionsOf(OF_CUSTOMERS, (each) => t(`audit.of_customer.${each}`))
                : optionsOf(VERBS, (each) => t(`audit.verb.${each}`))
            }
            onChange={(verb) => onChange({ verb })}
          />
        )}
      </FilterField>
      <FilterField label={t("audit.by")}>
        {(id) => (
          <Choice
            id={id}
            value={filter.by ?? ""}
            options={[...optionsOf(KINDS, (each) => t(`audit.kind.${each}`)), ...actors]}
            onChange={(by) => onChange({ by })}
          />
        )}
      </FilterField>
      <FilterField label={t("audit.customer")}>
        {(id) => (
          <AuditCustomerField
            id={id}
            value={filter.customer ?? ""}
            onChange={(customer) => onChange({ customer })}
          />
        )}
      </FilterField>
      <DayFields
        labels={{ from: t("audit.from"), to: t("audit.to") }}
        value={filter}
        onChange={onChange}
      />
    </Filters>
  );
}

// Users and keys one by one; who is in the address and is no more is shown by their number.
function useActors(chosen: string) {
  const users = useQuery({
    queryKey: ["users"],
    enabled: useMay("users.read"),
    queryFn: ({ signal }) => answerOf(api.GET("/users", { signal })),
  }).data?.users;
  const keys = useQuery({
    queryKey: ["keys"],
    enabled: useMay("keys.read"),
    queryFn: ({ signal }) => answerOf(api.GET("/keys", { signal })),
  }).data?.keys;
  const actors = [
    ...(users ?? []).map(({ id, name, display_name }) => ({
      value: `user:${id}`,
      label: display_name || name,
    })),
    ...(keys ?? []).map(({ id, name }) => ({ value: `key:${id}`, label: name })),
  ];
  const known = chosen === "" || KINDS.some((each) => each === chosen);
  if (known || actors.some(({ value }) => value === chosen)) return actors;
  return [...actors, { value: chosen, label: chosen }];
}
