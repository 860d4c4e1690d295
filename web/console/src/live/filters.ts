/** Which seats a view shows: one filter for seat map, wall and table alike. */
import type { FloorRow } from "@shared/protocol";

import { isDone, isSitting, needsEyes, silentFor } from "./seats";

export const SHOWN = ["all", "eyes", "sitting", "away", "silent", "not_here", "done"] as const;
export type Shown = (typeof SHOWN)[number];

const KEEPS: Record<Shown, (row: FloorRow, now: number) => boolean> = {
  all: () => true,
  eyes: needsEyes,
  sitting: isSitting,
  away: (row) => row.state === "away",
  silent: (row, now) => silentFor(row, now) !== null,
  not_here: (row) => row.state === "expected" || row.state === "absent" || row.state === "refused" || row.state === "checked_in",
  done: (row) => isDone(row) || row.state === "voided",
};

/** Names are compared after NFC with the dots of names folded, as the roster is. */
function folded(text: string): string {
  return text.normalize("NFC").replace(/[·•・‧．.]/g, "·").toLowerCase();
}

/** A seat number, a part of the name or the ticket, or the tail of the document number. Few digits mean a seat. */
export function matches(row: FloorRow, search: string): boolean {
  const wanted = folded(search.trim());
  if (wanted === "") return true;
  const tail = wanted.length >= 3 && row.document_masked.toLowerCase().endsWith(wanted);
  if (/^\d{1,3}$/.test(wanted)) return row.seat === Number(wanted) || tail || (wanted.length === 3 && row.ticket.endsWith(wanted));
  return tail || folded(row.name).includes(wanted) || row.ticket.toLowerCase().includes(wanted);
}

export const bySeat = (a: FloorRow, b: FloorRow): number => a.seat - b.seat || a.attempt.localeCompare(b.attempt);

export function filtered(rows: Iterable<FloorRow>, shown: Shown, search: string, now: number): FloorRow[] {
  const keeps = KEEPS[shown];
  return [...rows].filter((row) => keeps(row, now) && matches(row, search)).sort(bySeat);
}

export function counted(rows: Iterable<FloorRow>, now: number): Record<Shown, number> {
  const counts = Object.fromEntries(SHOWN.map((shown) => [shown, 0])) as Record<Shown, number>;
  for (const row of rows) for (const shown of SHOWN) if (KEEPS[shown](row, now)) counts[shown]++;
  return counts;
}
