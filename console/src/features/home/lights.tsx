import { useMay } from "@/components/permissions";
import { BooksLine } from "./books_line";
import { DeadLine } from "./dead_line";
import styles from "./lights.module.css";
import { PausedLine } from "./paused_line";

// What somebody has to know before any figure: whether the books balance, what stands still, what
// was not delivered. Their place is kept, so that nothing moves when they come.
export function Lights() {
  const seesBooks = useMay("ledger.read");
  const seesOutbox = useMay("outbox.read");
  if (!seesBooks && !seesOutbox) return null;
  return (
    <div className={styles.lights}>
      {seesBooks && <BooksLine />}
      {seesOutbox && <PausedLine />}
      {seesOutbox && <DeadLine />}
    </div>
  );
}
