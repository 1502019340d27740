import { useQueryClient } from "@tanstack/react-query";
import { Fragment, type ReactNode, useEffect } from "react";
import { Navigate, useLocation } from "react-router";
import { listenToSession } from "@/api/client";
import { ProblemPage } from "@/components/problem_page";
import { ShellSkeleton } from "@/components/shell_skeleton";
import { sessionQuery, useSession, viewerOf } from "./session";

// Shows its children to who is signed in; everyone else signs in first and comes back to the
// address they asked for.
export function RequireSession({ children }: { children: ReactNode }) {
  const session = useSession();
  const location = useLocation();
  const client = useQueryClient();
  useEffect(
    () =>
      listenToSession({
        ended: () => client.setQueryData(sessionQuery.queryKey, null),
        tokenStale: () => void client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      }),
    [client],
  );

  if (session.data === undefined) {
    if (!session.isError) return <ShellSkeleton />;
    return <ProblemPage error={session.error} retry={() => session.refetch()} />;
  }
  if (session.data === null) {
    const from = location.pathname + location.search;
    const search = from === "/" ? "" : `?from=${encodeURIComponent(from)}`;
    return <Navigate to={`/sign-in${search}`} replace />;
  }
  // Somebody else begins with pages of their own.
  return <Fragment key={viewerOf(session.data)}>{children}</Fragment>;
}
