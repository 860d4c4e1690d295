/** What can be done with a whole session from its step bar: each verb, what it asks for and says. */
import type { Role } from "../people/me";
import type { Next } from "./day";

export type RoomAct = Exclude<NonNullable<Next>, "record"> | "pause" | "extend" | "abort";

export interface RoomAsk {
  readonly hint: string;
  readonly reason: "needed" | "none";
  readonly grave?: true;
  readonly roles: readonly Role[];
}

const PROCTOR: readonly Role[] = ["proctor"];
const DOOR: readonly Role[] = ["proctor", "exam_office"];
const READER: readonly Role[] = ["proctor", "quality_supervisor"];

export const ROOM_ASKS: Record<RoomAct, RoomAsk> = {
  check: { hint: "check", reason: "none", roles: DOOR },
  "open-check-in": { hint: "open_check_in", reason: "none", roles: DOOR },
  "rules-read": { hint: "", reason: "none", roles: READER },
  "confirm-start": { hint: "", reason: "none", roles: PROCTOR },
  start: { hint: "start", reason: "none", roles: PROCTOR },
  resume: { hint: "resume", reason: "none", roles: PROCTOR },
  pause: { hint: "pause", reason: "needed", roles: PROCTOR },
  extend: { hint: "extend_all", reason: "needed", roles: PROCTOR },
  end: { hint: "end", reason: "needed", grave: true, roles: PROCTOR },
  abort: { hint: "abort", reason: "needed", grave: true, roles: DOOR },
};

/** Verbs whose route takes a body; the others take none. */
export const BODILESS: ReadonlySet<RoomAct> = new Set(["resume"]);

/** What the server says when the approved time is far away: then a reason and a second proctor are asked. */
export const EARLY = "early_start";
