// Light, dark, or as the system says; kept in the browser.
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";

export const APPEARANCES = ["system", "light", "dark"] as const;
export type Appearance = (typeof APPEARANCES)[number];

const KEPT_AS = "siyu.appearance";
const QUERY = "(prefers-color-scheme: dark)";

interface AppearanceChoice {
  appearance: Appearance;
  dark: boolean;
  choose(appearance: Appearance): void;
}

const Context = createContext<AppearanceChoice>({
  appearance: "system",
  dark: false,
  choose: () => {},
});

export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [appearance, setAppearance] = useState<Appearance>(kept);
  const [systemDark, setSystemDark] = useState(() => window.matchMedia(QUERY).matches);
  useEffect(() => {
    const query = window.matchMedia(QUERY);
    const follow = () => setSystemDark(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);

  const dark = appearance === "system" ? systemDark : appearance === "dark";
  useEffect(() => {
    document.documentElement.dataset.appearance = dark ? "dark" : "light";
  }, [dark]);

  const choice = useMemo<AppearanceChoice>(
    () => ({
      appearance,
      dark,
      choose(next) {
        localStorage.setItem(KEPT_AS, next);
        setAppearance(next);
      },
    }),
    [appearance, dark],
  );
  return <Context value={choice}>{children}</Context>;
}

export function useAppearance(): AppearanceChoice {
  return use(Context);
}

function kept(): Appearance {
  const value = localStorage.getItem(KEPT_AS);
  return APPEARANCES.includes(value as Appearance) ? (value as Appearance) : "system";
}
