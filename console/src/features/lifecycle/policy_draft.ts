// How the grid is cut, as it stands in fields.
import type { RfmPolicy } from "./types";

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

const CUTS = 4;

const DEFAULTS = {
  recency: "30, 90, 180, 365",
  frequency: "1, 2, 4, 8",
  money: "100, 300, 800, 2000",
};

export function policyDraftOf(policy: RfmPolicy): PolicyDraft {
  const cuts = (of: "recency" | "frequency" | "money") =>
    policy[of].length === CUTS ? policy[of].join(", ") : DEFAULTS[of];
  return {
    by: policy.by,
    recency: cuts("recency"),
    frequency: cuts("frequency"),
    money: cuts("money"),
    event: policy.event,
    amount: policy.amount,
    window_days: policy.window_days ? String(policy.window_days) : "",
  };
}

// null: something in the fields cannot be.
export function policyOf(draft: PolicyDraft): RfmPolicy | null {
  const window = draft.window_days.trim();
  if (!/^\d{0,5}$/.test(window) || window === "0") return null;
  const common = {
    event: draft.event,
    amount: draft.amount,
    window_days: window === "" ? null : Number(window),
  };
  if (draft.by === "quantile") {
    return { ...common, by: "quantile", recency: [], frequency: [], money: [] };
  }
  const [recency, frequency, money] = [draft.recency, draft.frequency, draft.money].map(cutsOf);
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
function cutsOf(text: string): string[] | null {
  const parts = text.split(/[,\uff0c\s]+/).filter((part) => part !== "");
  const rises = parts.every((part, at) => at === 0 || Number(parts[at - 1]) < Number(part));
  const numbers = parts.every((part) => /^\d+(\.\d{1,2})?$/.test(part));
  return parts.length === CUTS && numbers && rises ? parts : null;
}
