// A rule being written, as words and as blocks at once. The words are what counts: blocks are
// printed into them, and made anew from what the program reads in words somebody has typed.
import { useCallback, useMemo, useRef, useState } from "react";
import { useDebounced } from "@/components/use_debounced";
import { useCheck } from "./asking";
import { toBlocks } from "./blocks";
import { type Mark, marksOf } from "./marks";
import { print } from "./print";
import type { RuleNode } from "./tree";

// The answer is on the page within 300 ms of the last key.
const CHECK_WAIT_MS = 150;
const NO_MARKS: readonly Mark[] = [];

export interface RuleDraft {
  text: string;
  // The text once nothing is typed for a moment.
  settled: string;
  // null: nothing is written.
  blocks: RuleNode | null;
  // The blocks are of an older text: the words have a mistake, or are on their way.
  stale: boolean;
  marks: readonly Mark[];
  wrong: boolean;
  // The check itself failed.
  check: ReturnType<typeof useCheck>;
  write(text: string): void;
  build(blocks: RuleNode | null): void;
}

interface Written {
  text: string;
  // undefined: written in words.
  blocks?: RuleNode | null;
}

export function useRuleDraft(initial: string): RuleDraft {
  const [written, setWritten] = useState<Written>({ text: initial });
  const { text } = written;
  const settled = useDebounced(text, CHECK_WAIT_MS);
  const check = useCheck(settled);
  const answer = check.data?.text === text ? check.data.checked : undefined;
  const read = useRead(answer?.state === "good" ? answer.tree : undefined);
  const marks = useMemo(() => (answer ? marksOf(text, answer) : NO_MARKS), [answer, text]);

  const write = useCallback((next: string) => setWritten({ text: next }), []);
  const build = useCallback(
    (blocks: RuleNode | null) => setWritten({ blocks, text: blocks === null ? "" : print(blocks) }),
    [],
  );
  const built = written.blocks !== undefined;
  const empty = text.trim() === "";
  return {
    text,
    settled,
    blocks: written.blocks !== undefined ? written.blocks : empty ? null : read,
    stale: !built && !empty && answer?.state !== "good",
    marks,
    wrong: marks.some(({ kind }) => kind === "mistake"),
    check,
    write,
    build,
  };
}

// The blocks of the last rule that could be read.
function useRead(tree: RuleNode | undefined): RuleNode | null {
  const last = useRef<{ tree: RuleNode; blocks: RuleNode } | null>(null);
  if (tree !== undefined && last.current?.tree !== tree) {
    last.current = { tree, blocks: toBlocks(tree) };
  }
  return last.current?.blocks ?? null;
}
