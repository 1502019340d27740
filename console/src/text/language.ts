// The two languages of the console. Chinese first; the choice is kept in the browser.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "@/locales/en.json";
import zh from "@/locales/zh-CN.json";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const KEPT_AS = "siyu.language";

declare module "i18next" {
  interface CustomTypeOptions {
    // Chinese is the model; a test holds English against it.
    resources: { translation: typeof zh };
  }
}

export function isLanguage(value: string | null | undefined): value is Language {
  return LANGUAGES.includes(value as Language);
}

export async function startLanguage(): Promise<void> {
  const kept = localStorage.getItem(KEPT_AS);
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next.use(initReactI18next).init({
    lng: isLanguage(kept) ? kept : "zh-CN",
    fallbackLng: "zh-CN",
    supportedLngs: LANGUAGES,
    resources: { "zh-CN": { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
  });
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, language);
  await i18next.changeLanguage(language);
}

// The workspace's language counts until somebody has chosen their own.
export async function offerLanguage(language: string): Promise<void> {
  if (localStorage.getItem(KEPT_AS) !== null) return;
  await i18next.changeLanguage(language.startsWith("en") ? "en" : "zh-CN");
}
