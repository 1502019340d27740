// Members that are there: the tree knows none that are undefined.
type Present<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> };

export function present<Members extends object>(members: Members): Present<Members> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Present<Members>;
}
