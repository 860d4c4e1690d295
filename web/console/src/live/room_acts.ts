/** What can be done with a whole session from its step bar: each verb, what it asks for and says. */
import type { Next } from "./day";

export type RoomAct = Exclude<NonNullable<Next>, "record"> | "pause" | "extend" | "abort";

export interface RoomAsk {
  readonly hint: string;
  readonly reason: "needed" | "none";
  readonly grave?: true;
}

export const ROOM_ASKS: Record<RoomAct, RoomAsk> = {
  check: { hint: "check", reason: "none" },
  "open-check-in": { hint: "open_check_in", reason: "none" },
  "rules-read": { hint: "", reason: "none" },
  "confirm-start": { hint: "", reason: "none" },
  start: { hint: "start", reason: "none" },
  resume: { hint: "resume", reason: "none" },
  pause: { hint: "pause", reason: "needed" },
  extend: { hint: "extend_all", reason: "needed" },
  end: { hint: "end", reason: "needed", grave: true },
  abort: { hint: "abort", reason: "needed", grave: true },
};

/** Verbs whose route takes a body; the others take none. */
export const BODILESS: ReadonlySet<RoomAct> = new Set(["start", "resume"]);
