import { expect, test } from "vitest";

import { entered } from "./entering";

test("a score is whole steps up to what the answer is worth", () => {
  expect(["0", "7", "7.5", "25", "7.", " 12 ", "7。5"].map((typed) => entered(typed, 2_500, 50))).toEqual([0, 700, 750, 2_500, 700, 1_200, 750]);
  expect(["", "25.5", "7.25", "-1", "1e1", "七", ".5", "7.555"].map((typed) => entered(typed, 2_500, 50))).toEqual(Array(8).fill(null));
});

test("the full score may be given even where it is no whole number of steps", () => {
  expect(entered("3.33", 333, 50)).toBe(333);
  expect(entered("3.3", 333, 50)).toBe(null);
});
