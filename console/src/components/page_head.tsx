import { ArrowLeftOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { Link } from "react-router";
import styles from "./page_head.module.css";
import { useTitle } from "./use_title";

interface Props {
  title: string;
  lead?: ReactNode;
  // The list this is one of.
  back?: { to: string; label: string };
  // What can be done on the page, at its right.
  actions?: ReactNode;
}

export function PageHead({ title, lead, back, actions }: Props) {
  useTitle(title);
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        {back && <BackLink {...back} />}
        <h1 className={styles.title}>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

export function BackLink({ to, label }: { to: string; label: string }) {
  return (
    <Link to={to} className={styles.back ?? ""}>
      <ArrowLeftOutlined aria-hidden /> {label}
    </Link>
  );
}
