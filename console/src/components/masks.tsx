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

// Phones in keys and identities, and those of the fields (attributes by name) that are masked.
function useMasked(fields: readonly string[]): string[] {
  const { t } = useTranslation();
  const masks = use(MasksContext);
  const labels = useLabels();
  if (!masks) return [];
  const hidden = fields.filter(isMaskedBy(masks)).map(labels.attribute);
  return [...(masks.phones ? [t("masks.keys")] : []), ...hidden];
}

const isMaskedBy = (masks: Masked) => (field: string) => masks.fields.includes(field);

// Beside what is shown; nothing where nothing is masked.
export function MaskNote({ fields }: { fields: readonly string[] }) {
  const { t } = useTranslation();
  const masks = use(MasksContext);
  const masked = useMasked(fields);
  if (!masks || masked.length === 0) return null;
  return (
    <p className={styles.note} data-testid="masked">
      {t("masks.shown", { role: t(`role.${masks.role}`), fields: masked.join(t("masks.and")) })}
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
