// What an entry of the audit changed, member by member.

export interface Difference {
  // "name", "rule", "masks.phone"; empty: the whole value.
  path: string;
  // undefined: was not there, or is gone.
  before: string | undefined;
  after: string | undefined;
}

const DEPTH_MAX = 3;

// Only what differs; where nothing was before (made) or is after (gone), everything.
export function differenceOf(before: unknown, after: unknown): Difference[] {
  const [was, is] = [flat(before), flat(after)];
  const paths = [...new Set([...was.keys(), ...is.keys()])];
  return paths
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }));
}

function flat(value: unknown, path = "", depth = 0): Map<string, string> {
  if (value === null || value === undefined)
    return path === "" ? new Map() : new Map([[path, "–"]]);
  if (typeof value === "object" && !Array.isArray(value) && depth < DEPTH_MAX) {
    return new Map(
      Object.entries(value).flatMap(([name, member]) => [
        ...flat(member, path === "" ? name : `${path}.${name}`, depth + 1),
      ]),
    );
  }
  return new Map([[path, typeof value === "string" ? value : JSON.stringify(value)]]);
}
