import { useTranslation } from "react-i18next";
import { useIdentityLabel } from "@/features/person/identities";
import type { Review } from "./asking";

// What two share or have twice, in words: 手机号, 画像属性 name.
export function useThing(): (review: Pick<Review, "thing" | "name">) => string {
  const { t } = useTranslation();
  const labelOf = useIdentityLabel();
  return ({ thing, name }) => {
    if (thing === "identity") return labelOf(name);
    return `${t(`person.review_thing.${thing === "attribute" ? thing : "other"}`)} ${name}`;
  };
}
