// Light, dark, or as the system says; kept in the browser. Whether things move: as the system says.
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";

export const APPEARANCES = ["system", "light", "dark"] as const;
export type Appearance = (typeof APPEARANCES)[number];

const KEPT_AS = "siyu.appearance";
const DARK = "(prefers-color-scheme: dark)";
const STILL = "(prefers-reduced-motion: reduce)";

interface AppearanceChoice {
  appearance: Appearance;
  dark: boolean;
  still: boolean;
  choose(appearance: Appearance): void;
}

const Context = createContext<AppearanceChoice>({
  appearance: "system",
  dark: false,
  still: false,
  choose: () => {},
});

export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [appearance, setAppearance] = useState<Appearance>(kept);
  const systemDark = useMedia(DARK);
  const still = useMedia(STILL);
  const dark = appearance === "system" ? systemDark : appearance === "dark";
  useEffect(() => {
    document.documentElement.dataset.appearance = dark ? "dark" : "light";
  }, [dark]);

  const choice = useMemo<AppearanceChoice>(
    () => ({
      appearance,
      dark,
      still,
      choose(next) {
        localStorage.setItem(KEPT_AS, next);
        setAppearance(next);
      },
    }),
    [appearance, dark, still],
  );
  return <Context value={choice}>{children}</Context>;
}

export function useAppearance(): AppearanceChoice {
  return use(Context);
}

function useMedia(media: string): boolean {
  const [matches, setMatches] = useState(() => window.matchMedia(media).matches);
  useEffect(() => {
    const query = window.matchMedia(media);
    const follow = () => setMatches(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, [media]);
  return matches;
}

function kept(): Appearance {
  const value = localStorage.getItem(KEPT_AS);
  return APPEARANCES.includes(value as Appearance) ? (value as Appearance) : "system";
}
