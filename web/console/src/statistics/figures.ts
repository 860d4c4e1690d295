/** Figures as people read them, and how the tables sort them. */
import type { ItemFigures } from "../api/statistics";

/** A figure with two places, a dash where it is not defined. */
export const figure = (value: number | null | undefined, places = 2): string =>
  value === null || value === undefined ? "—" : value.toFixed(places).replace("-", "−");

/** A share as a percentage. */
export const percent = (value: number | null): string => (value === null ? "—" : `${Math.round(100 * value)}%`);

/** A score in hundredths, with so many decimals as are there, at most two. */
export const scored = (hundredths: number | null): string => (hundredths === null ? "—" : String(Math.round(hundredths) / 100));

export const SORTS = ["item", "n", "facility", "discrimination", "point_biserial", "corrected", "omitted", "time"] as const;
export type Sort = (typeof SORTS)[number] | "concern";

const VALUES: Record<Exclude<Sort, "concern" | "item">, (one: ItemFigures) => number | null> = {
  n: (one) => one.n,
  facility: (one) => one.facility,
  discrimination: (one) => one.discrimination,
  point_biserial: (one) => one.point_biserial,
  corrected: (one) => one.corrected,
  omitted: (one) => one.omitted,
  time: (one) => one.time_ms,
};

/** In the order asked for; what is not defined stands last either way, and equals keep the server's order. */
export function sorted(items: readonly ItemFigures[], by: Sort, down: boolean): ItemFigures[] {
  if (by === "concern") return [...items];
  const turn = down ? -1 : 1;
  if (by === "item") return [...items].sort((a, b) => turn * (a.item.localeCompare(b.item, "en", { numeric: true }) || (a.part ?? 0) - (b.part ?? 0)));
  const value = VALUES[by];
  return [...items].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return turn * (x - y);
  });
}
