import type { ReactNode } from "react";
import { Link, useLocation, useSearchParams } from "react-router";

interface Props {
  // What of the page's address it changes; everything else stays.
  set: Record<string, string>;
  // Whether the page shows it already.
  current: boolean;
  children: ReactNode;
}

// To the same page, showing something else of it, from where the reader is.
export function SearchLink({ set, current, children }: Props) {
  const { pathname } = useLocation();
  const [search] = useSearchParams();
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(set)) next.set(name, value);
  return (
    <Link to={`${pathname}?${next}`} replace preventScrollReset aria-current={current}>
      {children}
    </Link>
  );
}
