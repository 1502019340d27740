import { useTranslation } from "react-i18next";
import { useZone } from "@/components/zone";
import { formatMoment } from "@/text/moment";
import { type Difference, differenceOf, partsOf } from "./difference";
import styles from "./settings.module.css";

// What an entry changed, member by member; of longer texts the words that differ stand out.
export function AuditChange({ before, after }: { before: unknown; after: unknown }) {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  const wordOf = useWords();
  const differences = differenceOf(before, after);
  if (differences.length === 0) return null;
  const fieldOf = (path: string) => {
    if (path === "") return t("audit.value");
    return i18n.exists(`audit.field.${path}`) ? say(`audit.field.${path}`) : path;
  };
  return (
    <dl className={styles.change}>
      {differences.map((each) => (
        <div key={each.path}>
          <dt>{fieldOf(each.path)}</dt>
          <dd>
            <Values
              was={each.before === undefined ? undefined : wordOf(each, each.before)}
              is={each.after === undefined ? undefined : wordOf(each, each.after)}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ValuesProps {
  // undefined: was not there, or is gone.
  was: string | undefined;
  is: string | undefined;
}

function Values({ was, is }: ValuesProps) {
  const { t } = useTranslation();
  const empty = t("settings.empty");
  if (was === undefined || is === undefined) {
    return was === undefined ? <ins>{is || empty}</ins> : <del>{was || empty}</del>;
  }
  const parts = partsOf(was, is);
  const marked = (between: string) =>
    parts.head === "" && parts.tail === "" ? (
      between || empty
    ) : (
      <>
        {parts.head}
        {between && <mark>{between}</mark>}
        {parts.tail}
      </>
    );
  return (
    <>
      <del>{marked(parts.was)}</del>
      {" → "}
      <ins>{marked(parts.is)}</ins>
    </>
  );
}

// The value in the words of the pages that change it.
function useWords(): (difference: Difference, value: string) => string {
  const { t, i18n } = useTranslation();
  const zone = useZone();
  const say = t as (key: string) => string;
  const word = (path: string, value: string): string => {
    if (value.startsWith("[")) {
      const list = listIn(value);
      if (list) return list.map((each) => word(path, each)).join(t("value.separator"));
    }
    if (path.endsWith("_ms")) return formatMoment(new Date(Number(value)).toISOString(), zone);
    const key = {
      role: `role.${value}`,
      state: `users.is.${value}`,
      scopes: `permission.${value}`,
      scope: `users.scope_is.${value}`,
    }[path];
    if (key !== undefined && i18n.exists(key)) return say(key);
    if (value === "true" || value === "false")
      return t(value === "true" ? "value.yes" : "value.no");
    return value;
  };
  return ({ path }, value) => word(path, value);
}

function listIn(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((each) => typeof each === "string") ? list : null;
  } catch {
    return null;
  }
}
