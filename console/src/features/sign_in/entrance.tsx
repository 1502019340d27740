// The frame of the two pages in front of the console: sign in and first start.
import type { ReactNode } from "react";
import { LanguageSwitch } from "@/components/language_switch";
import { Logo } from "@/components/logo";
import styles from "./entrance.module.css";

interface Props {
  title: string;
  lead: string;
  children: ReactNode;
}

export function Entrance({ title, lead, children }: Props) {
  return (
    <div className={styles.frame}>
      <header className={styles.top}>
        <Logo />
        <LanguageSwitch />
      </header>
      <main className={styles.card}>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.lead}>{lead}</p>
        {children}
      </main>
    </div>
  );
}
