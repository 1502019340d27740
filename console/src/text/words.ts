// The words of a language, loaded when it is spoken; which one is kept in the browser.
import type zh from "@/locales/zh-CN.json";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

export const KEPT_AS = "siyu.language";

export function isLanguage(value: string | null | undefined): value is Language {
  return LANGUAGES.includes(value as Language);
}

// Chinese until somebody has chosen.
export function keptLanguage(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  return isLanguage(kept) ? kept : "zh-CN";
}

const WORDS = {
  "zh-CN": () => import("@/locales/zh-CN.json"),
  en: () => import("@/locales/en.json"),
};

export async function wordsOf(language: Language): Promise<typeof zh> {
  // A test holds English against Chinese.
  return (await WORDS[language]()).default as typeof zh;
}
