// Who is signed in: one cached answer, and the ways it begins and ends.
import {
  hashKey,
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { answerOf, api, type Schema, setCsrfToken } from "@/api/client";
import { ProblemError } from "@/api/problem";
import { offerLanguage } from "@/text/language";

export type Session = Schema["Session"];

// null: nobody is signed in.
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: Number.POSITIVE_INFINITY,
  // Another tab may have signed out, or in as somebody else.
  refetchOnWindowFocus: "always",
  queryFn: async (): Promise<Session | null> => {
    try {
      return await begun(await answerOf(api.GET("/session")));
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 401) return null;
      throw error;
    }
  },
});

async function begun(session: Session): Promise<Session> {
  setCsrfToken(session.csrf_token);
  await offerLanguage(session.language);
  return session;
}

export function useSession() {
  return useQuery(sessionQuery);
}

// Who it is and what they may see: what one has been answered is no answer to another.
export function viewerOf(session: Session | null): string {
  if (session === null) return "nobody";
  const { user, permissions, masks } = session;
  return JSON.stringify([user.id, user.role, user.scope, user.staff, permissions, masks]);
}

const KEPT_AS = "siyu.viewer";

// However a session begins, ends or changes, here or in another tab: nothing of what was seen
// stays behind for whoever is next, neither answers nor what the tab keeps.
export function forgetWithViewer(client: QueryClient): void {
  let viewer: string | undefined;
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== "updated" || query.queryHash !== HASH || query.state.data === undefined) return;
    const session = query.state.data as Session | null;
    const next = viewerOf(session);
    if (next === viewer) return;
    if (session === null) setCsrfToken("");
    if (viewer !== undefined) {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    }
    viewer = next;
    // A tab that was loaded anew, or duplicated, has it from before.
    if (sessionStorage.getItem(KEPT_AS) === String(session?.user.id)) return;
    sessionStorage.clear();
    if (session !== null) sessionStorage.setItem(KEPT_AS, String(session.user.id));
  });
}

const HASH = hashKey(sessionQuery.queryKey);

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Schema["SignIn"]) =>
      begun(await answerOf(api.POST("/session", { body }))),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useEnterDemo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ticket?: string) =>
      begun(await answerOf(api.POST("/demo/session", ticket ? { body: { ticket } } : {}))),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useSetup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Schema["Setup"]) =>
      begun(await answerOf(api.POST("/setup", { body }))),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      try {
        await answerOf(api.DELETE("/session"));
      } catch (error) {
        // A session that has ended already is signed out.
        if (!(error instanceof ProblemError && error.problem.status === 401)) throw error;
      }
    },
    onSuccess: () => client.setQueryData(sessionQuery.queryKey, null),
  });
}
