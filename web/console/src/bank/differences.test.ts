import { describe, expect, it } from "vitest";

import { differences, type Piece } from "./differences";

const marked = (pieces: Piece[]): string => pieces.map(({ text, changed }) => (changed ? `[${text}]` : text)).join("");

describe("differences", () => {
  it("marks what changed, Chinese by character and the rest by word", () => {
    const { before, after } = differences("不应小于20 mm。", "不得小于 25 mm。");
    expect(marked(before)).toBe("不[应]小于[20] mm。");
    expect(marked(after)).toBe("不[得]小于 [25 ]mm。");
  });
  it("marks nothing where nothing changed, and all where all did", () => {
    expect(marked(differences("安全带", "安全带").before)).toBe("安全带");
    expect(marked(differences("", "安全帽").after)).toBe("[安全帽]");
    expect(differences("", "").before).toEqual([]);
  });
  it("keeps both texts whole, also when they are too long to be compared", () => {
    for (const [one, other] of [["甲乙丙丁", "乙丁戊"], ["x".repeat(10) + "甲".repeat(3000), "甲".repeat(2999) + "乙"]] as const) {
      const { before, after } = differences(one, other);
      expect(before.map((piece) => piece.text).join("")).toBe(one);
      expect(after.map((piece) => piece.text).join("")).toBe(other);
    }
  });
});
