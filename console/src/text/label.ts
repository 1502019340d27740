// How people call an event, an attribute or a property: its label in their language, else the other
// one, else its name.
export interface Labelled {
  name: string;
  label_zh: string;
  label_en: string;
}

export function labelOf({ name, label_zh, label_en }: Labelled, language: string): string {
  return (language.startsWith("zh") ? label_zh || label_en : label_en || label_zh) || name;
}

// The same of one of many by its name.
export function labelAmong(
  things: readonly Labelled[] | undefined,
  name: string,
  language: string,
): string {
  const thing = things?.find((each) => each.name === name);
  return thing ? labelOf(thing, language) : name;
}

// Words given in both languages, in the reader's; the other one where there are none.
export function wordsIn({ zh, en }: { zh: string; en: string }, language: string): string {
  return language.startsWith("zh") ? zh || en : en || zh;
}
