import { Logo } from "./logo";
import { ProblemAlert } from "./problem_alert";
import styles from "./problem_page.module.css";

// When not even the frame can be shown.
export function ProblemPage({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main className={styles.page}>
      <Logo />
      <ProblemAlert error={error} retry={retry} />
    </main>
  );
}
