/** A content outline while it is edited: weights in percent, and what does not add up. */
import type { ContentOutline } from "../api/bank";

export interface DraftPoint {
  code: string;
  name: string;
  importance: "X" | "Y" | "Z";
}
export interface DraftRange {
  code: string;
  name: string;
  /** Percent of the whole paper. */
  weight: number;
  children: DraftRange[];
  points: DraftPoint[];
}
export interface DraftOutline {
  title: string;
  ranges: DraftRange[];
}

type Stored = ContentOutline["ranges"][number];
const rangeDraft = (range: Stored): DraftRange => ({
  code: range.code, name: range.name, weight: range.weight / 100, children: range.children.map(rangeDraft), points: range.points.map((point) => ({ ...point })),
});
export const outlineDraft = (outline: ContentOutline): DraftOutline => ({ title: outline.title, ranges: outline.ranges.map(rangeDraft) });

const stored = (range: DraftRange): Stored => ({
  code: range.code.trim(), name: range.name.trim(), weight: hundredths(range.weight), children: range.children.map(stored),
  points: range.points.map((point) => ({ ...point, code: point.code.trim(), name: point.name.trim() })),
});
export const outlineOf = (code: string, draft: DraftOutline): ContentOutline => ({ code, title: draft.title.trim(), ranges: draft.ranges.map(stored) });

export const hundredths = (percent: number): number => Math.round(percent * 100);

/** Sum of weights, in percent without the dust of binary fractions. */
export const sumOf = (ranges: readonly DraftRange[]): number => ranges.reduce((sum, one) => sum + hundredths(one.weight), 0) / 100;

/** A line of the tree: a range or a point, how deep, and what its children should weigh together. */
export interface Line {
  key: string;
  depth: 1 | 2 | 3 | 4;
  range: DraftRange | null;
  point: DraftPoint | null;
  among: DraftRange[] | DraftPoint[];
  at: number;
  /** Why this line keeps the outline from being stored: a code under bank.outline.fault. */
  fault: string | null;
}

/** The tree as lines; points stand only under the open ranges. */
export function linesOf(draft: DraftOutline, open: ReadonlySet<DraftRange>): Line[] {
  const seen = new Map<string, number>();
  const count = (code: string): void => void seen.set(code.trim(), (seen.get(code.trim()) ?? 0) + 1);
  each(draft.ranges, (range) => {
    count(range.code);
    for (const point of range.points) count(point.code);
  });
  const own = (code: string, name: string): string | null => (code.trim() === "" || name.trim() === "" ? "empty" : (seen.get(code.trim()) ?? 0) > 1 ? "twice" : null);
  const lines: Line[] = [];
  const walk = (ranges: DraftRange[], depth: 1 | 2 | 3, path: string): void => {
    ranges.forEach((range, at) => {
      const key = `${path}.${at}`;
      const sum = depth < 3 ? (sumOf(range.children) === range.weight ? null : "sum") : range.points.length === 0 ? "no_points" : null;
      lines.push({ key, depth, range, point: null, among: ranges, at, fault: own(range.code, range.name) ?? (range.weight > 0 ? sum : "weight") });
      if (depth < 3) walk(range.children, (depth + 1) as 2 | 3, key);
      else if (open.has(range)) range.points.forEach((point, place) => lines.push({ key: `${key}p${place}`, depth: 4, range: null, point, among: range.points, at: place, fault: own(point.code, point.name) }));
    });
  };
  walk(draft.ranges, 1, "");
  return lines;
}

function each(ranges: readonly DraftRange[], doing: (range: DraftRange) => void): void {
  for (const range of ranges) {
    doing(range);
    each(range.children, doing);
  }
}

/** Points of a range and all below it, by importance. */
export function pointsOf(range: DraftRange): Record<"X" | "Y" | "Z", number> {
  const found = { X: 0, Y: 0, Z: 0 };
  each([range], (one) => one.points.forEach((point) => (found[point.importance] += 1)));
  return found;
}
