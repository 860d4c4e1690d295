/** What a row of the floor means to the eye: pure readings of one attempt at an instant of the room. */
import type { FloorRow, StationRow } from "@shared/protocol";

export type AttemptState = FloorRow["state"];
export type Severity = NonNullable<FloorRow["worst_flag"]>;
export type Tone = "quiet" | "good" | "calm" | "warn" | "bad";

const SITTING: ReadonlySet<AttemptState> = new Set(["waiting", "running", "away", "suspended"]);
const DONE: ReadonlySet<AttemptState> = new Set(["handed_in", "collected"]);

export const isSitting = (row: FloorRow): boolean => SITTING.has(row.state);
export const isDone = (row: FloorRow): boolean => DONE.has(row.state);

/**
 * How long a sitting seat has been silent, in milliseconds; null while it is connected or none is expected. The server
 * calls a link lost after 6 s without a word; a seat it has not heard since it started has been silent for ever.
 */
export function silentFor(row: FloorRow, now: number): number | null {
  if (!isSitting(row) || row.link === "connected") return null;
  return row.heard_from_at === null ? Infinity : Math.max(0, now - row.heard_from_at);
}

/** Time left of a sitting attempt, in milliseconds; counted while its end is known, else as the server last said. */
export function remaining(row: FloorRow, now: number): number | null {
  if (!isSitting(row) || row.clock.started_at === null) return null;
  return Math.max(0, row.clock.end_at === null ? row.clock.remaining_ms : row.clock.end_at - now);
}

const BY_STATE: Record<AttemptState, Tone> = {
  expected: "quiet",
  checked_in: "calm",
  waiting: "calm",
  running: "good",
  away: "warn",
  suspended: "warn",
  handed_in: "quiet",
  collected: "quiet",
  refused: "quiet",
  absent: "quiet",
  voided: "bad",
};

/** The tone of the state itself. */
export const toneOf = (state: AttemptState): Tone => BY_STATE[state];

/** Troubles beside the state, worst first; each has its own icon and word. */
export type Trouble = "silent" | "camera" | "hand" | "late_answers" | "pictures_missed" | "void_proposed";

export function troublesOf(row: FloorRow, now: number): Trouble[] {
  const found: Trouble[] = [];
  if (row.hand_raised) found.push("hand");
  if (silentFor(row, now) !== null) found.push("silent");
  if (isSitting(row) && row.camera !== "ok" && row.camera !== "unknown") found.push("camera");
  if (row.void === "proposed") found.push("void_proposed");
  if (row.late_streams.length > 0) found.push("late_answers");
  if (row.pictures_missed > 0) found.push("pictures_missed");
  return found;
}

/**
 * Seats where a candidate could go on at once: their machine is connected and nobody sits there or is to. A row that is
 * done keeps its seat free: whoever handed in goes.
 */
export function spareSeats(rows: Iterable<FloorRow>, stations: Iterable<StationRow>): number[] {
  const taken = new Set([...rows].filter((row) => !isDone(row) && row.state !== "absent" && row.state !== "refused").map((row) => row.seat));
  const free = [...stations].filter((station) => station.connected && station.seat !== null && !taken.has(station.seat));
  return free.map((station) => station.seat as number).sort((a, b) => a - b);
}

/** Whether a person should look at this seat now. */
export function needsEyes(row: FloorRow, now: number): boolean {
  return (
    row.flags_open > 0 || row.state === "away" || row.state === "suspended" ||
    troublesOf(row, now).some((trouble) => trouble !== "pictures_missed")
  );
}
