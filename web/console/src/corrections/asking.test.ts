import { expect, test } from "vitest";

import { blanksOf, keysOf } from "./asking";

test("keys are letters, several with anything usual between", () => {
  expect([keysOf("b, ac"), keysOf("Ａ、Ｃ"), keysOf("B B")]).toEqual([["B", "AC"], ["A", "C"], ["B"]]);
  expect([keysOf(""), keysOf("I"), keysOf("1")]).toEqual([null, null, null]);
});

test("each line is a blank with its forms", () => {
  expect(blanksOf("安全帽/头盔\n3.5\n")?.map((one) => one.accepted)).toEqual([["安全帽", "头盔"], ["3.5"]]);
  expect([blanksOf(""), blanksOf("甲\n\n乙")]).toEqual([null, null]);
});
