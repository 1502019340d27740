// What the pages of imports ask the program.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answerOf, api, type Schema } from "@/api/client";
import { saveFile } from "@/components/save_file";
import type { Mapping } from "./mapping";

export type Import = Schema["Import"];
export type Column = NonNullable<Schema["Upload"]["columns"]>[number];
export type Upload = Omit<Schema["Upload"], "report" | "preview" | "mapping"> & {
  report: Report | null;
  preview?: Preview | null;
  mapping?: Mapping;
};

// Settings kept under a name, for the next file of the same columns.
export type SavedMapping = Omit<Schema["SavedMapping"], "mapping"> & { mapping: Mapping };

// The contract leaves open what docs/import.md says of these three members.
const told = (upload: Schema["Upload"]) => upload as unknown as Upload;

// What has been left out: a row of an import, or a single value of a row.
export type LeftOut = Schema["LeftOut"];

export interface Preview {
  columns: string[];
  rows: { line: number; fields: string[] }[];
  made: number;
  unusable: LeftOut[];
  unusable_count: number;
  values_left_out: LeftOut[];
  values_left_out_count: number;
  other_persons: LeftOut[];
  other_persons_count: number;
  rows_of_file: number;
  rows_left_by_rule: number;
}

export type Report = Import & { stop_asked?: boolean };

const IMPORTS_PER_PAGE = 50;
const RUNNING_EVERY_MS = 3000;
const PROGRESS_EVERY_MS = 1000;

const isGoing = ({ state }: Import) => state === "running" || state === "undoing";

export function useImports() {
  return useInfiniteQuery({
    queryKey: ["imports", "list"],
    staleTime: 0,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/imports", {
          params: {
            query: { limit: IMPORTS_PER_PAGE, ...(pageParam === "" ? {} : { after: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ imports }) => imports.some(isGoing)) ? RUNNING_EVERY_MS : false,
  });
}

export function useImport(id: number) {
  const client = useQueryClient();
  const asked = useQuery({
    queryKey: ["imports", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/imports/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state: { data } }) => {
      if (!data || !isGoing(data)) return false;
      return data.undo ? PROGRESS_EVERY_MS : RUNNING_EVERY_MS;
    },
  });
  // Everything that is shown may have changed once it is taken back.
  const state = asked.data?.state;
  const before = useRef(state);
  useEffect(() => {
    if (before.current === "undoing" && state === "undone") void client.invalidateQueries();
    before.current = state;
  }, [client, state]);
  return asked;
}

export function useUploads(enabled: boolean) {
  return useQuery({
    queryKey: ["uploads"],
    enabled,
    staleTime: 0,
    queryFn: ({ signal }) => answerOf(api.GET("/uploads", { signal })),
  });
}

const fetchUpload = async (id: number, signal: AbortSignal) =>
  told(await answerOf(api.GET("/uploads/{id}", { params: { path: { id } }, signal })));

export function useUpload(id: number) {
  return useQuery({
    queryKey: ["uploads", id],
    staleTime: 0,
    queryFn: ({ signal }) => fetchUpload(id, signal),
    refetchInterval: ({ state }) => (state.data?.state === "importing" ? PROGRESS_EVERY_MS : false),
  });
}

// The rows and values that were left out, as a file.
export function useLeftOutFile(id: number) {
  return useMutation({
    mutationFn: async () => {
      const params = { path: { id } };
      const asked = api.GET("/imports/{id}/left-out", { params, parseAs: "blob" });
      // The contract leaves the bytes of a file open.
      saveFile((await answerOf<unknown>(asked)) as Blob, `left-out-${id}.csv`);
    },
  });
}

export function useSend() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (file: File) =>
      told(
        await answerOf(
          api.POST("/uploads", {
            params: { query: { file: file.name } },
            // The bytes as they are: the contract has no other word for them than a string.
            body: file as unknown as string,
            bodySerializer: (body) => body,
            headers: { "Content-Type": "application/octet-stream" },
          }),
        ),
      ),
    onSuccess: (upload) => {
      client.setQueryData(["uploads", upload.id], upload);
      return client.invalidateQueries({ queryKey: ["uploads"], exact: true });
    },
  });
}

function useUploadChange<Asked = void>(change: (asked: Asked) => Promise<Schema["Upload"]>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer) => {
      const upload = told(answer);
      client.setQueryData(["uploads", upload.id], upload);
      return client.invalidateQueries({ queryKey: ["uploads"], exact: true });
    },
  });
}

export function useMappingChange(id: number) {
  return useUploadChange((mapping: Mapping) =>
    answerOf(
      api.PUT("/uploads/{id}/mapping", {
        params: { path: { id } },
        body: mapping as unknown as Schema["Mapping"],
      }),
    ),
  );
}

export function useSheetChange(id: number) {
  return useUploadChange((sheet: string) =>
    answerOf(api.PUT("/uploads/{id}/sheet", { params: { path: { id } }, body: { sheet } })),
  );
}

export function useStart(id: number) {
  return useUploadChange((body: Schema["UploadImport"]) =>
    answerOf(api.POST("/uploads/{id}/import", { params: { path: { id } }, body })),
  );
}

export function useStop(id: number) {
  return useUploadChange(() =>
    answerOf(api.POST("/uploads/{id}/stop", { params: { path: { id } } })),
  );
}

export function useDrop() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => answerOf(api.DELETE("/uploads/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["uploads"] }),
  });
}

export function useUndo(id: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answerOf(api.POST("/imports/{id}/undo", { params: { path: { id } } })),
    // Everything that is shown may have changed.
    onSuccess: () => client.invalidateQueries(),
  });
}

const savedMapping = (saved: Schema["SavedMapping"]) => saved as unknown as SavedMapping;

export function useSavedMapping() {
  return useMutation({
    mutationFn: async (id: number) =>
      savedMapping(await answerOf(api.GET("/mappings/{id}", { params: { path: { id } } }))),
  });
}

export interface MappingToSave {
  name: string;
  mapping: Mapping;
  // The one it takes the place of, as it was seen.
  replaced?: SavedMapping;
}

export function useMappingSaving() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, mapping, replaced }: MappingToSave) => {
      const given = mapping as unknown as Schema["Mapping"];
      const answer = replaced
        ? api.PUT("/mappings/{id}", {
            params: { path: { id: replaced.id } },
            body: { name, mapping: given, version: replaced.version },
          })
        : api.POST("/mappings", { body: { name, mapping: given } });
      return savedMapping(await answerOf(answer));
    },
    // Which of them fit is told with each file.
    onSuccess: () => client.invalidateQueries({ queryKey: ["uploads"] }),
  });
}

export function useMappingRemoval() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: SavedMapping) =>
      answerOf(api.DELETE("/mappings/{id}", { params: { path: { id }, query: { version } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["uploads"] }),
  });
}
