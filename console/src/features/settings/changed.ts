// What somebody has changed in a dialog, against what it was opened with: only that is sent, so
// that what others have changed meanwhile is not put back.
export function changedOf<Values extends object>(
  before: Partial<Values>,
  after: Values,
): Partial<Values> {
  const fields = Object.entries(after) as [keyof Values, unknown][];
  const changed = fields.filter(([field, value]) => !isSame(before[field], value));
  return Object.fromEntries(changed) as Partial<Values>;
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
