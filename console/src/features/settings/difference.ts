// What an entry of the audit changed, member by member.

export interface Difference {
  // "name", "rule", "masks.phone"; empty: the whole value.
  path: string;
  // undefined: was not there, or is gone.
  before: string | undefined;
  after: string | undefined;
}

const DEPTH_MAX = 3;

// A change of a customer names what it changed: {"changed":"city","value":"上海"} is the city, and
// without a value the name itself is what came or went.
function named(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("changed" in value)) return value;
  const { changed, value: content } = value as { changed: unknown; value?: unknown };
  return content === undefined ? changed : { [String(changed)]: content };
}

// Only what differs; where nothing was before (made) or is after (gone), everything.
export function differenceOf(before: unknown, after: unknown): Difference[] {
  const [was, is] = [flat(named(before)), flat(named(after))];
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

export interface Parts {
  head: string;
  was: string;
  is: string;
  tail: string;
}

// What two texts have in common at both ends, by whole words, and what stands between.
export function partsOf(before: string, after: string): Parts {
  const [was, is] = [before.split(/(\s+)/), after.split(/(\s+)/)];
  const most = Math.min(was.length, is.length);
  let first = 0;
  while (first < most && was[first] === is[first]) ++first;
  let last = 0;
  while (last < most - first && was.at(-1 - last) === is.at(-1 - last)) ++last;
  const between = (words: string[]) => words.slice(first, words.length - last).join("");
  return {
    head: was.slice(0, first).join(""),
    was: between(was),
    is: between(is),
    tail: was.slice(was.length - last).join(""),
  };
}
