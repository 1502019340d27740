// Customers are given to a member of staff and taken from them.
import { answerOf, api } from "@/api/client";

export interface Assignment {
  staff: number;
  // Given to them, or taken.
  on: boolean;
}

export interface Assigned {
  // How many were named, and for how many of them that was a change.
  done: number;
  changed: number;
}

// The customers by name, all or none.
export async function assign(
  { staff, on }: Assignment,
  customers: readonly string[],
): Promise<Assigned> {
  const answer = await answerOf(
    api.POST("/staff/{id}/customers", {
      params: { path: { id: staff } },
      body: on ? { assign: [...customers] } : { unassign: [...customers] },
    }),
  );
  return { done: customers.length, changed: on ? answer.assigned : answer.unassigned };
}
