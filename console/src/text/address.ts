// Addresses that several features lead to. Whoever gets one sees the same page.

export interface QuestionAt {
  rule: string;
  // A moment; null: now.
  at?: string | null;
  // The person of the answer that is open.
  person?: string | null;
}

export function questionAddress(question: QuestionAt): string {
  const search = questionSearch(question).toString();
  return search === "" ? "/audiences/ask" : `/audiences/ask?${search}`;
}

export function questionSearch({ rule, at, person }: QuestionAt): URLSearchParams {
  const search = new URLSearchParams();
  if (rule !== "") search.set("rule", rule);
  if (at) search.set("at", at);
  if (person) search.set("person", person);
  return search;
}

// How the program is asked for a customer: by the number. Keys may be phones, and addresses stand
// in the logs of proxies and in the history of browsers.
export function customerName({ id }: { id: number }): string {
  return `c_${id}`;
}

// One customer's record.
export function customerAddress(customer: { id: number }): string {
  return `/customers/${customerName(customer)}`;
}

// The customers who satisfy a rule, as a list.
export function customersAddress(rule: string): string {
  return `/customers?${new URLSearchParams({ rule })}`;
}

// One order, in front of all of them.
export function orderAddress(id: string): string {
  return `/orders?${new URLSearchParams({ order: id })}`;
}

// Somebody of the staff, with the customers they have.
export function staffAddress(id: number): string {
  return `/settings/staff/${id}`;
}

// One import that has been begun.
export function importAddress(id: number): string {
  return `/customers/import/${id}`;
}

// A file that was sent to be imported.
export function uploadAddress(id: number): string {
  return `/customers/import/file/${id}`;
}

// One saved audience.
export function audienceAddress(id: number): string {
  return `/audiences/${id}`;
}

// The same, with those who came or left today or before listed first.
export function movesAddress(id: number, direction: "entered" | "left"): string {
  return `${audienceAddress(id)}?${new URLSearchParams({ move: direction })}#moves`;
}

// A new one, begun with this rule.
export function newAudienceAddress(rule: string): string {
  return `/audiences/new?${new URLSearchParams({ rule })}`;
}

// One setting of the workspace.
export function settingAddress(name: string): string {
  return `/settings/preferences#${name}`;
}

// One ledger account.
export function ledgerAccountAddress(id: number): string {
  return `/ledger/${id}`;
}

// One bundle among what its cause has moved.
export function bundleAddress(why: string, bundle: string): string {
  return `/ledger?${new URLSearchParams({ why, bundle })}`;
}

// The ledger accounts of an asset.
export function assetAddress(asset: string): string {
  return `/ledger?${new URLSearchParams({ asset })}`;
}

// One lifecycle model.
export function modelAddress(key: string): string {
  return `/lifecycle/models/${encodeURIComponent(key)}`;
}

// Who has gone from one stage to another since a day; one end alone: all of a stage then or now.
export function flowAddress(
  key: string,
  flow: { since: string; from?: string; to?: string },
): string {
  const search = new URLSearchParams({ from: flow.since });
  if (flow.from !== undefined) search.set("stage_from", flow.from);
  if (flow.to !== undefined) search.set("stage_to", flow.to);
  return `${modelAddress(key)}?${search}`;
}

// How value and rhythm were computed, and how well that holds.
export const VALUE_ADDRESS = "/lifecycle/rhythm";
export const CALIBRATION_ADDRESS = `${VALUE_ADDRESS}#calibration`;
