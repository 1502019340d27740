// What whoever is signed in sees masked, as the program says it: told where customers are shown and
// where they go out.
import { createContext, use } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import styles from "./masks.module.css";
import { useLabels } from "./use_labels";

export type Masked = Schema["Masks"] & { role: Schema["Role"] };

const ATTRIBUTE = "attribute:";

export const MasksContext = createContext<Masked | null>(null);

// Phones in keys and identities, and those of these attributes (by name) that are masked.
function useMasked(attributes: readonly string[]): string[] {
  const { t } = useTranslation();
  const masks = use(MasksContext);
  const labels = useLabels();
  if (!masks) return [];
  const hidden = attributes.filter((name) => masks.attributes.includes(name));
  return [...(masks.phones ? [t("masks.keys")] : []), ...hidden.map(labels.attribute)];
}

// A property by its event: one of the same name may be shown in another.
function useMaskedProperties(): string[] {
  const { t } = useTranslation();
  const labels = useLabels();
  const properties = use(MasksContext)?.properties ?? [];
  return properties.map(({ event, name }) =>
    t("masks.property", { event: labels.event(event), name: labels.property(event, name) }),
  );
}

interface Shown {
  // By name.
  attributes?: readonly string[];
  // Whether people are called by their names.
  names?: boolean;
  // Whether events are shown with their properties.
  events?: boolean;
}

// Beside what is shown; nothing where nothing is masked.
export function MaskNote({ attributes = [], names = false, events = false }: Shown) {
  const { t } = useTranslation();
  const masks = use(MasksContext);
  const properties = useMaskedProperties();
  const masked = [
    ...useMasked(attributes),
    ...(names && masks?.names ? [t("masks.names")] : []),
    ...(events ? properties : []),
  ];
  if (!masks || masked.length === 0) return null;
  return (
    <p className={styles.note} data-testid="masked">
      {t(events ? "masks.shown_with_events" : "masks.shown", {
        role: t(`role.${masks.role}`),
        fields: masked.join(t("masks.and")),
      })}
    </p>
  );
}

// In words for a file with these columns, as the program is asked for them; also where nothing is
// masked, since a file goes on.
export function useMasksOfFile(columns: readonly string[]): string {
  const { t } = useTranslation();
  const masks = use(MasksContext);
  const attributes = columns.filter((column) => column.startsWith(ATTRIBUTE));
  const masked = useMasked(attributes.map((column) => column.slice(ATTRIBUTE.length)));
  if (!masks) return "";
  const role = t(`role.${masks.role}`);
  if (masked.length === 0) return t("masks.none", { role });
  return t("masks.file", { role, fields: masked.join(t("masks.and")) });
}
