/** The day of a room as seven steps: what is done, what is missing, and the one next action. Pure. */
import type { FloorRow, SessionRow, StationRow } from "@shared/protocol";

import { isDone, isSitting } from "./seats";

export const STEPS = ["machines", "check_in", "rules", "start", "watch", "collect", "record"] as const;
export type Step = (typeof STEPS)[number];

/** One thing that still stands in the way; `count` fills the sentence. */
export interface Missing {
  what: "not_loaded" | "unfit_stations" | "not_arrived" | "rules" | "proctors" | "not_finished" | "signatures";
  count: number;
}

export type Next = "check" | "open-check-in" | "rules-read" | "confirm-start" | "start" | "resume" | "end" | "record" | null;

export interface Day {
  current: Step | null;
  done: ReadonlySet<Step>;
  missing: Missing[];
  next: Next;
}

const ENDED = ["ended", "signed", "under_review", "confirmed", "archived"];

function upTo(step: Step): ReadonlySet<Step> {
  return new Set(STEPS.slice(0, STEPS.indexOf(step)));
}

/** Before the start: the steps may be done in any order the server allows, the gates say what stands. */
function beforeStart(session: SessionRow, rows: readonly FloorRow[]): Day {
  const read = session.rules_read_at !== null;
  const confirmed = session.start_confirmed_by.length >= session.proctors_min;
  const missing: Missing[] = [];
  const away = rows.filter((row) => row.state === "expected").length;
  if (away > 0) missing.push({ what: "not_arrived", count: away });
  if (!read) missing.push({ what: "rules", count: 1 });
  if (!confirmed) missing.push({ what: "proctors", count: session.proctors_min - session.start_confirmed_by.length });
  const done = new Set<Step>(["machines"]);
  if (away === 0) done.add("check_in");
  if (read) done.add("rules");
  const current: Step = !read && away > 0 ? "check_in" : read ? "start" : "rules";
  return { current, done, missing, next: !read ? "rules-read" : confirmed ? "start" : "confirm-start" };
}

function running(session: SessionRow, rows: readonly FloorRow[]): Day {
  const sitting = rows.filter(isSitting).length;
  const missing: Missing[] = sitting > 0 ? [{ what: "not_finished", count: sitting }] : [];
  if (session.state === "paused") return { current: "watch", done: upTo("watch"), missing, next: "resume" };
  // Nobody sits any more and somebody has finished: what is left is to end the session.
  const over = sitting === 0 && rows.some(isDone);
  return over
    ? { current: "collect", done: upTo("collect"), missing, next: "end" }
    : { current: "watch", done: upTo("watch"), missing, next: null };
}

export function dayOf(session: SessionRow, rows: readonly FloorRow[], stations: readonly StationRow[]): Day {
  const unfit = stations.filter((station) => !station.fit).length;
  switch (session.state) {
    case "loaded":
      return {
        current: "machines",
        done: new Set(),
        missing: unfit > 0 ? [{ what: "unfit_stations", count: unfit }] : [],
        next: "check",
      };
    case "checked":
      return { current: "check_in", done: upTo("check_in"), missing: [], next: "open-check-in" };
    case "check_in":
      return beforeStart(session, rows);
    case "running":
    case "paused":
      return running(session, rows);
    case "ended":
      return { current: "record", done: upTo("record"), missing: [{ what: "signatures", count: 2 }], next: "record" };
    default:
      return ENDED.includes(session.state)
        ? { current: null, done: new Set(STEPS), missing: [], next: null }
        : { current: null, done: new Set(), missing: [{ what: "not_loaded", count: 1 }], next: null };
  }
}
