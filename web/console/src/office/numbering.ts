/** How the room server will number a room, for the preview before it is saved. */
import type { Numbering } from "../api/rooms";
import type { SeatPlan } from "../live/layout";

export function numbered(rows: number, columns: number, numbering: Numbering, gaps: readonly (readonly [number, number])[]): SeatPlan {
  const byColumn = numbering === "columns" || numbering === "s_columns";
  const turning = numbering === "s_columns" || numbering === "s_rows";
  const plan = Array.from({ length: rows }, () => Array.from({ length: columns }, (): number | null => null));
  const gap = new Set(gaps.map(([row, column]) => `${row}.${column}`));
  const [lines, length] = byColumn ? [columns, rows] : [rows, columns];
  let seat = 0;
  for (let line = 1; line <= lines; line++) {
    for (let step = 1; step <= length; step++) {
      const along = turning && line % 2 === 0 ? length + 1 - step : step;
      const [row, column] = byColumn ? [along, line] : [line, along];
      const places = plan[row - 1];
      if (places !== undefined && !gap.has(`${row}.${column}`)) places[column - 1] = ++seat;
    }
  }
  return plan;
}
