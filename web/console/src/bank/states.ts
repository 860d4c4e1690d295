/** Where a version of an item stands, what may be done with it, and by whom. */
import type { ItemListed, Step } from "../api/bank";

export const STATES = ["draft", "proposed", "returned", "approved", "replaced", "retired"] as const;
export type State = (typeof STATES)[number];

export const TONES: Record<State, string> = {
  draft: "tone-quiet", proposed: "tone-calm", returned: "tone-warn", approved: "tone-good", replaced: "tone-quiet", retired: "tone-bad",
};

/** The steps of server/bank/rules.py. */
const STEPS: Record<State, readonly Step[]> = {
  draft: ["propose", "retire"], returned: ["propose", "retire"], proposed: ["approve", "return", "retire"], approved: ["retire"], replaced: [],
  retired: ["restore"],
};
export const ALL_STEPS: readonly Step[] = ["propose", "approve", "return", "retire", "restore"];
export const NEEDS_REASON: ReadonlySet<Step> = new Set<Step>(["return", "retire"]);

export const stepsOf = (state: string): readonly Step[] => STEPS[state as State] ?? [];

/** Why a step cannot be taken with these items: a code under bank.why, or null when it can. */
export function whyNot(step: Step, chosen: readonly Pick<ItemListed, "state" | "by">[], me: string): string | null {
  if (chosen.length === 0) return "none";
  if (!chosen.every((one) => stepsOf(one.state).includes(step))) return "state";
  if (step === "approve" && chosen.some((one) => one.by === me)) return "own";
  return null;
}
