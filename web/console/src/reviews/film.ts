/** The film of one attempt: pictures in order of time, what must be seen, and where flags stand. Pure. */
import type { TimelineLine } from "@shared/protocol";

import type { FlagShown } from "../api/attempts";
import type { ReviewedSnapshot } from "../api/reviews";

export interface Frame {
  key: string;
  at: number;
  digest: string | null;
  reason: string;
  quality: string;
  observations: string[];
  held: boolean;
  missed: string | null;
  must: boolean;
  /** Flags raised nearest to this picture. */
  flags: string[];
}

export function frames(snapshots: readonly ReviewedSnapshot[], flags: readonly Pick<FlagShown, "flag" | "at" | "evidence">[]): Frame[] {
  const film = [...snapshots]
    .sort((a, b) => a.taken_at - b.taken_at || a.n - b.n)
    .map((one) => ({
      key: String(one.n), at: one.taken_at, digest: one.digest, reason: one.reason, quality: one.quality,
      observations: one.observations, held: one.held, missed: one.missed_cause, must: one.must_see, flags: [] as string[],
    }));
  for (const flag of flags) {
    const named = film.findIndex((frame) => frame.digest !== null && flag.evidence.includes(frame.digest));
    film[named >= 0 ? named : nearest(film, flag.at)]?.flags.push(flag.flag);
  }
  return film;
}

/** The index of the frame nearest to an instant; -1 when there is none. */
export function nearest(film: readonly Pick<Frame, "at">[], at: number): number {
  let best = -1;
  for (const [index, frame] of film.entries()) {
    if (best < 0 || Math.abs(frame.at - at) < Math.abs((film[best]?.at ?? 0) - at)) best = index;
  }
  return best;
}

/** The next frame with a flag in a direction, from an index; the same index when there is none. */
export function nextFlag(film: readonly Frame[], from: number, by: 1 | -1): number {
  for (let at = from + by; at >= 0 && at < film.length; at += by) if ((film[at]?.flags.length ?? 0) > 0) return at;
  return from;
}

/** The next frame that must still be seen, round the end; -1 when everything was. */
export function nextUnseen(film: readonly Frame[], from: number, seen: ReadonlySet<string>): number {
  for (let step = 1; step <= film.length; step++) {
    const at = (from + step) % film.length;
    const frame = film[at];
    if (frame?.must === true && frame.digest !== null && !seen.has(frame.digest)) return at;
  }
  return -1;
}

export interface Span {
  from: number;
  to: number;
}

/** When the page was left, from the lines that say so; what never ended lasts until `end`. */
export function absences(lines: readonly TimelineLine[], end: number): Span[] {
  const spans: Span[] = [];
  let left: number | null = null;
  for (const line of lines) {
    if (line.type === "page.left" && left === null) left = line.at;
    if (line.type === "page.returned" && left !== null) {
      spans.push({ from: left, to: line.at });
      left = null;
    }
  }
  return left === null ? spans : [...spans, { from: left, to: end }];
}
