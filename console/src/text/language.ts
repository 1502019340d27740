// The two languages of the console. Chinese first; the choice is kept in the browser.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type zh from "@/locales/zh-CN.json";
import { KEPT_AS, keptLanguage, LANGUAGES, type Language, wordsOf } from "./words";

export { LANGUAGES, type Language };

declare module "i18next" {
  interface CustomTypeOptions {
    // Chinese is the model; a test holds English against it.
    resources: { translation: typeof zh };
  }
}

async function learn(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "translation")) return;
  i18next.addResourceBundle(language, "translation", await wordsOf(language));
}

export async function startLanguage(): Promise<void> {
  const language = keptLanguage();
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: LANGUAGES,
    resources: { [language]: { translation: await wordsOf(language) } },
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
