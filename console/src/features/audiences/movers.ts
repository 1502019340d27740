// Who came or went as a rule of its own, so that an audience can be made of them.
import { dayAfter } from "@/text/days";
import type { MoveDirection, MoveFilter } from "./live_asking";

const RECORDED: Record<MoveDirection, { event: string; to: string }> = {
  entered: { event: "audience_entered", to: "in" },
  left: { event: "audience_left", to: "out" },
};

// With what was found later and put right.
export function moversRule(id: number, { direction, day }: MoveFilter): string {
  const { event, to } = RECORDED[direction ?? "entered"];
  const window = day === undefined ? "" : ` between ${day} and ${dayAfter(day)}`;
  const recorded = `did ${event} where (audience_id = ${id})${window}`;
  const corrected = `did audience_corrected where (audience_id = ${id} and to = "${to}")${window}`;
  return `${recorded} or ${corrected}`;
}
