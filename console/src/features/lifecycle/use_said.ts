import { useTranslation } from "react-i18next";
import type { Said } from "./types";

// Words of the workspace in both languages, in the reader's; the other one where there are none.
export function useSaid(): (words: Said | undefined) => string {
  const { i18n } = useTranslation();
  const isChinese = i18n.language.startsWith("zh");
  return (words) => {
    if (!words) return "";
    return isChinese ? words.zh || words.en : words.en || words.zh;
  };
}
