// Who is signed in: one cached answer, and the ways it begins and ends.
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answerOf, api, type Schema, setCsrfToken } from "@/api/client";
import { ProblemError } from "@/api/problem";
import { offerLanguage } from "@/text/language";

export type Session = Schema["Session"];

// null: nobody is signed in.
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: Number.POSITIVE_INFINITY,
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
    onSuccess: () => {
      setCsrfToken("");
      client.setQueryData(sessionQuery.queryKey, null);
      // Nothing of what was seen stays behind for whoever signs in next.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    },
  });
}
