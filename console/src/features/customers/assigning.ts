// The chosen customers given to a member of staff or taken from them, by this page: leaving it
// stops it. What was written stays.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { answerOf, api } from "@/api/client";
import { ASSIGNED_AT_ONCE, type Assigned, type Assignment, assign } from "@/components/assigning";
import { customerName } from "@/text/address";
import type { Whom } from "./bulk";

const NOBODY: Assigned = { done: 0, changed: 0 };

// The customers in parts the program takes at once: those named, or who satisfies the rule as it
// was when the first part was read.
async function* partsOf(whom: Whom, signal: AbortSignal): AsyncGenerator<string[]> {
  if ("people" in whom) {
    yield whom.people.map(customerName);
    return;
  }
  let after = "";
  do {
    const body = { rule: whom.rule, limit: ASSIGNED_AT_ONCE, ...(after === "" ? {} : { after }) };
    const page = await answerOf(api.POST("/rules/list", { body, signal }));
    yield page.customers.map(customerName);
    after = page.next ?? "";
  } while (after !== "");
}

interface Asked {
  assignment: Assignment;
  whom: Whom;
}

export function useAssigning() {
  const client = useQueryClient();
  const [so_far, setSoFar] = useState(NOBODY);
  const going = useRef<AbortController>(null);
  const stop = () => going.current?.abort();
  useEffect(() => () => going.current?.abort(), []);
  const work = useMutation({
    mutationFn: async ({ assignment, whom }: Asked) => {
      const control = new AbortController();
      going.current = control;
      let sum = NOBODY;
      setSoFar(sum);
      try {
        for await (const part of partsOf(whom, control.signal)) {
          const { done, changed } = await assign(assignment, part);
          sum = { done: sum.done + done, changed: sum.changed + changed };
          setSoFar(sum);
          if (control.signal.aborted) break;
        }
      } catch (error) {
        if (!control.signal.aborted) throw error;
      }
      return { stopped: control.signal.aborted };
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["customers"] }),
  });
  return { work, so_far, stop };
}
