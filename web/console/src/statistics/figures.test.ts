import { expect, test } from "vitest";

import type { ItemFigures } from "../api/statistics";
import { figure, percent, scored, sorted } from "./figures";

const item = (code: string, facility: number | null): ItemFigures => ({
  item: code, version: 1, part: null, n: 40, facility, discrimination: null, point_biserial: null, corrected: null, omitted: 0, time_ms: null, time_n: 0, void: false, options: [], concerns: [],
});

test("what is not defined is a dash and stands last whichever way is sorted", () => {
  expect([figure(null), percent(null), scored(null)]).toEqual(["—", "—", "—"]);
  const items = [item("Q2", null), item("Q10", 0.5), item("Q9", 0.25)];
  expect(sorted(items, "facility", false).map((one) => one.item)).toEqual(["Q9", "Q10", "Q2"]);
  expect(sorted(items, "facility", true).map((one) => one.item)).toEqual(["Q10", "Q9", "Q2"]);
});

test("codes are sorted as people count", () => {
  expect(sorted([item("Q10", 1), item("Q9", 1)], "item", false).map((one) => one.item)).toEqual(["Q9", "Q10"]);
});

test("figures have two places and a real minus", () => {
  expect([figure(-0.125), figure(0.5), percent(0.333), scored(5_950)]).toEqual(["−0.13", "0.50", "33%", "59.5"]);
});
