// The two languages of the console. Chinese first; the choice is kept in the browser.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type zh from "@/locales/zh-CN.json";

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

// Loaded when it is spoken.
const WORDS = {
  "zh-CN": () => import("@/locales/zh-CN.json"),
  en: () => import("@/locales/en.json"),
};

async function learn(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "translation")) return;
  i18next.addResourceBundle(language, "translation", (await WORDS[language]()).default);
}

export async function startLanguage(): Promise<void> {
  const kept = localStorage.getItem(KEPT_AS);
  const language = isLanguage(kept) ? kept : "zh-CN";
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: LANGUAGES,
    resources: { [language]: { translation: (await WORDS[language]()).default } },
    interpolation: { escapeValue: false },
  });
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, language);
  await learn(language);
  await i18next.changeLanguage(language);
}

// The workspace's language counts until somebody has chosen their own.
export async function offerLanguage(language: string): Promise<void> {
  if (localStorage.getItem(KEPT_AS) !== null) return;
  const spoken = language.startsWith("en") ? "en" : "zh-CN";
  await learn(spoken);
  await i18next.changeLanguage(spoken);
}
