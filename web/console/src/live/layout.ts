/** Where the seats stand: the room's own plan, or a plain S when the room has none. */

/** Rows from the front of the room; each place is a seat number or a gap. */
export type SeatPlan = readonly (readonly (number | null)[])[];

/** Seats numbered in an S through the columns, as exam rooms are: down the first, up the second. */
export function serpentine(seats: number, rows: number): SeatPlan {
  const columns = Math.ceil(seats / rows);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const seat = column * rows + (column % 2 === 0 ? row : rows - 1 - row) + 1;
      return seat <= seats ? seat : null;
    }),
  );
}

/** The plan a floor is drawn with: seats the plan does not know are put behind its last row, none is ever hidden. */
export function planFor(known: SeatPlan | null, seats: readonly number[]): SeatPlan {
  const last = Math.max(0, ...seats);
  if (known === null || known.length === 0) {
    return last === 0 ? [] : serpentine(last, last <= 12 ? 3 : last <= 30 ? Math.ceil(last / 6) : Math.ceil(last / 8));
  }
  const placed = new Set(known.flat());
  const left = [...new Set(seats)].filter((seat) => !placed.has(seat)).sort((a, b) => a - b);
  const width = Math.max(...known.map((row) => row.length));
  const behind: (number | null)[][] = [];
  for (let at = 0; at < left.length; at += width) behind.push(left.slice(at, at + width));
  return [...known, ...behind];
}

/** The next seat in a direction over gaps, for the arrow keys; the same seat at the edge. */
export function neighbour(plan: SeatPlan, seat: number, down: number, right: number): number {
  const row = plan.findIndex((places) => places.includes(seat));
  if (row < 0) return seat;
  let y = row + down;
  let x = (plan[row]?.indexOf(seat) ?? 0) + right;
  while (y >= 0 && y < plan.length && x >= 0 && x < (plan[y]?.length ?? 0)) {
    const found = plan[y]?.[x];
    if (typeof found === "number") return found;
    y += down;
    x += right;
  }
  return seat;
}
