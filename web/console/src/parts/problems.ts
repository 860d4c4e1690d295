/** Problems of an imported file, from any noun, as lines of one table. */
import { Refusal } from "../api/http";

export interface Problem {
  place: string;
  row: string;
  column: string;
  found: string;
  expected: { zh: string; en: string };
}

const text = (value: unknown): string => (value === null || value === undefined || value === 0 ? "" : String(value));

/** One problem as a server says it, of whatever file. */
export function problemOf(said: Record<string, unknown>): Problem {
  const zh = text(said.zh ?? said.expected ?? said.message);
  return {
    place: text(said.file ?? said.sheet ?? said.place),
    row: text(said.row),
    column: text(said.column) || text(said.cell),
    found: text(said.found),
    expected: { zh, en: text(said.en ?? said.expected_en) || zh },
  };
}

/** The problems a refusal names; null when it is no refusal of a file. */
export function problemsOf(error: unknown): Problem[] | null {
  if (!(error instanceof Refusal)) return null;
  const said = error.body as { problems?: Record<string, unknown>[] | null } | null;
  return Array.isArray(said?.problems) && said.problems.length > 0 ? said.problems.map(problemOf) : null;
}
