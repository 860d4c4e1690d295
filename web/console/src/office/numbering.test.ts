import { describe, expect, it } from "vitest";

import { numbered } from "./numbering";

describe("numbered", () => {
  it("turns every other line and counts no gap", () => {
    expect(numbered(2, 3, "s_columns", [[1, 2]])).toEqual([[1, null, 4], [2, 3, 5]]);
    expect(numbered(2, 3, "s_rows", [])).toEqual([[1, 2, 3], [6, 5, 4]]);
  });
  it("runs straight when asked", () => {
    expect(numbered(2, 2, "columns", [])).toEqual([[1, 3], [2, 4]]);
    expect(numbered(2, 2, "rows", [])).toEqual([[1, 2], [3, 4]]);
  });
});
