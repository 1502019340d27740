// What the pages of Lifecycle ask the program. Every answer is of customers, and so is asked for
// again whenever they change.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";
import { problemOf } from "@/api/problem";
import { useChange } from "@/api/use_change";
import type {
  ModelChange,
  ModelRow,
  NewModel,
  NewStage,
  PeoplePage,
  RfmPolicy,
  Value,
} from "./types";

const FRESH_MS = 60_000;
export const PEOPLE_PER_PAGE = 50;

export function useModels() {
  return useQuery({
    queryKey: ["lifecycle", "models"],
    queryFn: ({ signal }) => answerOf(api.GET("/lifecycle/models", { signal })),
  });
}

export function useModel(key: string) {
  return useQuery({
    queryKey: ["lifecycle", "models", key],
    queryFn: ({ signal }) => modelWith(key, signal),
  });
}

export const modelWith = (key: string, signal?: AbortSignal) =>
  answerOf(
    api.GET("/lifecycle/models/{key}", {
      params: { path: { key } },
      ...(signal ? { signal } : {}),
    }),
  );

// A model that is not active is counted nowhere.
type Counted = Pick<ModelRow, "key" | "active" | "version">;

export function useStageTimes({ key, active, version }: Counted) {
  return useQuery({
    queryKey: ["lifecycle", "time", key, version],
    enabled: active,
    staleTime: FRESH_MS,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/lifecycle/models/{key}/time", { params: { path: { key } }, signal })),
  });
}

export function usePulse({ key, version }: Counted, days: number) {
  return useQuery({
    queryKey: ["lifecycle", "pulse", key, version, days],
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/lifecycle/models/{key}/pulse", {
          params: { path: { key }, query: { days } },
          signal,
        }),
      ),
  });
}

// Moments, without an offset in the workspace's zone.
export interface Between {
  from: string;
  to: string;
}

// Until the flows of other moments are here, the ones before stay.
export function useFlows({ key, version }: Counted, between: Between) {
  return useQuery({
    queryKey: ["lifecycle", "flows", key, version, between.from, between.to],
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/lifecycle/models/{key}/flows", {
          params: { path: { key }, query: between },
          signal,
        }),
      ),
  });
}

// Whose list it is: of a stage now, of a flow, of the grid.
export type Whom =
  | { kind: "stage"; model: string; stage: string }
  | { kind: "flow"; model: string; between: Between; from?: string; to?: string }
  | { kind: "rfm"; segment?: string; r?: number; f?: number; m?: number };

export function usePeopleOf(whom: Whom) {
  return useInfiniteQuery({
    queryKey: ["lifecycle", "people", whom],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => peopleOf(whom, pageParam, signal),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

type People = PeoplePage | Schema["RfmPeople"];

function peopleOf(whom: Whom, after: string, signal: AbortSignal): Promise<People> {
  const page = { limit: PEOPLE_PER_PAGE, ...(after === "" ? {} : { after }) };
  switch (whom.kind) {
    case "stage": {
      const params = { path: { key: whom.model, stage: whom.stage }, query: page };
      return answerOf(api.GET("/lifecycle/models/{key}/stages/{stage}/people", { params, signal }));
    }
    case "flow": {
      const ends = {
        ...(whom.from === undefined ? {} : { stage_from: whom.from }),
        ...(whom.to === undefined ? {} : { stage_to: whom.to }),
      };
      const params = { path: { key: whom.model }, query: { ...whom.between, ...ends, ...page } };
      return answerOf(api.GET("/lifecycle/models/{key}/flows/people", { params, signal }));
    }
    case "rfm": {
      const { kind: _, ...cell } = whom;
      return answerOf(
        api.GET("/lifecycle/rfm/people", { params: { query: { ...cell, ...page } }, signal }),
      );
    }
  }
}

export const isModelConflict = (error: unknown) =>
  problemOf(error).code === "lifecycle.version_differs";

export function useCreateModel() {
  return useChange("lifecycle", (body: NewModel) =>
    answerOf(api.POST("/lifecycle/models", { body })),
  );
}

export function useSaveModel(key: string) {
  return useChange("lifecycle", (body: ModelChange) =>
    answerOf(api.PUT("/lifecycle/models/{key}", { params: { path: { key } }, body })),
  );
}

export function useDeleteModel(key: string) {
  return useChange("lifecycle", (version: number) =>
    answerOf(
      api.DELETE("/lifecycle/models/{key}", { params: { path: { key }, query: { version } } }),
    ),
  );
}

export interface Draft {
  // Of the saved model it is held against; undefined: a new one.
  key?: string;
  stages: NewStage[];
}

export function usePreview(draft: Draft, enabled: boolean) {
  return useQuery({
    queryKey: ["lifecycle", "preview", draft],
    enabled,
    retry: false,
    queryFn: ({ signal }) =>
      answerOf(api.POST("/lifecycle/models/preview", { body: draft, signal })),
  });
}

export function useRfm() {
  return useQuery({
    queryKey: ["lifecycle", "rfm"],
    queryFn: ({ signal }) => answerOf(api.GET("/lifecycle/rfm", { signal })),
  });
}

export function useRfmPreview(policy: RfmPolicy, enabled: boolean) {
  return useQuery({
    queryKey: ["lifecycle", "rfm_preview", policy],
    enabled,
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answerOf(api.POST("/lifecycle/rfm/preview", { body: { policy }, signal })),
  });
}

export function useSaveRfm() {
  return useChange("lifecycle", (policy: RfmPolicy) =>
    answerOf(api.PUT("/lifecycle/rfm", { body: { policy } })),
  );
}

const RUNNING_POLL_MS = 2000;

// While a run is under way it is looked at again until it has ended.
export function useValue() {
  return useQuery({
    queryKey: ["lifecycle", "value"],
    refetchInterval: ({ state }: { state: { data?: Value | undefined } }) =>
      state.data?.running ? RUNNING_POLL_MS : false,
    queryFn: ({ signal }) => answerOf(api.GET("/lifecycle/value", { signal })),
  });
}

export function useRunValue() {
  return useChange("lifecycle", () => answerOf(api.POST("/lifecycle/value/run")));
}

export function useRhythm(enabled: boolean) {
  return useQuery({
    queryKey: ["lifecycle", "rhythm"],
    enabled,
    queryFn: ({ signal }) => answerOf(api.GET("/lifecycle/value/rhythm", { signal })),
  });
}

export interface WinBackQuestion {
  // Yuan.
  cost: string;
  days: number;
  // Of revenue, 0 to 1.
  margin: string;
  // Of those who have gone, 0 to 1: whom the effort brings back.
  success: string;
}

export function useWinBack(question: WinBackQuestion, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["lifecycle", "win_back", question],
    enabled,
    placeholderData: keepPreviousData,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/lifecycle/value/win_back", {
          params: {
            query: {
              ...question,
              days: String(question.days),
              limit: PEOPLE_PER_PAGE,
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
