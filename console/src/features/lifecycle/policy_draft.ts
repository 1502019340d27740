// How the grid is cut, as it stands in fields.
import type { Rfm, RfmPolicy } from "./types";

export interface PolicyDraft {
  by: RfmPolicy["by"];
  // Four numbers with a comma between: "7, 30, 90, 180".
  recency: string;
  frequency: string;
  money: string;
  event: string;
  amount: string;
  // Empty: all of history.
  window_days: string;
}

// What the program takes where a policy says nothing.
export const USUAL = { event: "order_paid", amount: "amount" };

const CUTS = 4;
const DEFAULTS = {
  recency: [30, 90, 180, 365],
  frequency: [2, 3, 5, 9],
  money: ["100", "300", "800", "2000"],
};

// Own cuts begin with those that are used now.
export function policyDraftOf({ policy, cuts }: Rfm): PolicyDraft {
  const written = (of: keyof typeof DEFAULTS) =>
    (policy[of] ?? cuts?.[of] ?? DEFAULTS[of]).join(", ");
  return {
    by: policy.by,
    recency: written("recency"),
    frequency: written("frequency"),
    money: written("money"),
    event: policy.event ?? USUAL.event,
    amount: policy.amount ?? USUAL.amount,
    window_days: policy.window_days ? String(policy.window_days) : "",
  };
}

// What of it is sent; of the policy before the table of segments stays. null: something in the
// fields cannot be.
export function policyOf(draft: PolicyDraft, before: RfmPolicy): RfmPolicy | null {
  const window = draft.window_days.trim();
  if (!/^\d{0,4}$/.test(window) || (window !== "" && Number(window) === 0)) return null;
  const common = {
    event: draft.event,
    amount: draft.amount,
    ...(window === "" ? {} : { window_days: Number(window) }),
    ...(before.segments ? { segments: before.segments } : {}),
  };
  if (draft.by === "quantile") return { ...common, by: "quantile" };
  const recency = cutsOf(draft.recency, /^\d{1,5}$/);
  const frequency = cutsOf(draft.frequency, /^\d{1,5}$/);
  const money = cutsOf(draft.money, /^\d{1,9}(\.\d{1,2})?$/);
  if (!recency || !frequency || !money) return null;
  return {
    ...common,
    by: "cuts",
    recency: recency.map(Number),
    frequency: frequency.map(Number),
    money,
  };
}

// Four rising numbers; null: they are not.
function cutsOf(text: string, number: RegExp): string[] | null {
  const parts = text.split(/[,\uff0c\s]+/).filter((part) => part !== "");
  const rises = parts.every((part, at) => at === 0 || Number(parts[at - 1]) < Number(part));
  return parts.length === CUTS && parts.every((part) => number.test(part)) && rises ? parts : null;
}
