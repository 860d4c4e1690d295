import { describe, expect, it } from "vitest";

import type { ItemKind, SeatItem } from "../protocol";
import { charsMax, chosen, inOrder, lettersToPress, matched, moved, partlyAnswered, pressedLetter, typed } from "./responses";

const options = ["A", "B", "C", "D"].map((letter) => ({ letter, text: letter }));
const item = (kind: ItemKind, more: Partial<SeatItem> = {}): SeatItem =>
  ({ slot: 1, kind, markup: "text", stem: "", options, premises: [], blanks: 0, case: null, score: 100, ...more });

describe("chosen", () => {
  it("replaces one letter, collects several sorted, and clears what is chosen again", () => {
    expect(chosen(item("single"), ["A"], "C")).toEqual(["C"]);
    expect(chosen(item("single"), ["A"], "A")).toEqual([]);
    expect(chosen(item("multiple"), ["C"], "A")).toEqual(["A", "C"]);
    expect(chosen(item("multiple"), ["A", "C"], "A")).toEqual(["C"]);
  });
});

describe("an order", () => {
  it("starts as displayed and keeps letters a response does not name behind", () => {
    expect(inOrder(item("ordering"), [])).toEqual(["A", "B", "C", "D"]);
    expect(inOrder(item("ordering"), ["D", "B"])).toEqual(["D", "B", "A", "C"]);
  });
  it("moves one letter and stays whole at the ends", () => {
    expect(moved(["A", "B", "C"], 2, 0)).toEqual(["C", "A", "B"]);
    expect(moved(["A", "B", "C"], 0, 2)).toEqual(["B", "C", "A"]);
    expect(moved(["A", "B", "C"], 0, -1)).toEqual(["A", "B", "C"]);
    expect(moved(["A", "B", "C"], 2, 3)).toEqual(["A", "B", "C"]);
  });
});

describe("a match", () => {
  const pairs = item("matching", { premises: ["1", "2"] });
  it("has a place for every premise and is no answer when all are open", () => {
    expect(matched(pairs, [], 1, "C")).toEqual(["", "C"]);
    expect(matched(pairs, ["", "C"], 0, "C")).toEqual(["C", "C"]);
    expect(matched(pairs, ["", "C"], 1, "C")).toEqual([]);
  });
  it("takes a pressed letter for the first open premise and none when all are matched", () => {
    expect(pressedLetter(pairs, ["", "C"], "B")).toEqual(["B", "C"]);
    expect(pressedLetter(pairs, ["B", "C"], "A")).toEqual(["B", "C"]);
  });
});

describe("typed texts", () => {
  it("are as many as there are blanks, and nothing when only white space stands there", () => {
    expect(typed(2, [], 1, "24")).toEqual(["", "24"]);
    expect(typed(2, ["", "24"], 1, " \u3000\u0085\u001f")).toEqual([]);
    expect(typed(1, [], 0, " 两 ")).toEqual([" 两 "]);
  });
  it("are cut by characters, not by halves of them, and hold no half", () => {
    expect(typed(1, [], 0, "𠮷".repeat(2001))[0]).toBe("𠮷".repeat(2000));
    expect(typed(1, [], 0, "a\ud800b")).toEqual(["a\ufffdb"]);
  });
  it("never pass together what one response may hold", () => {
    for (const places of [1, 2, 10, 12]) expect(places * charsMax(places)).toBeLessThanOrEqual(2000);
  });
});

describe("an answer in part", () => {
  it("leaves a place open", () => {
    expect(partlyAnswered(["A", ""])).toBe(true);
    expect(partlyAnswered(["A", "B"])).toBe(false);
    expect(partlyAnswered([])).toBe(false);
  });
});

describe("lettersToPress", () => {
  it("are none where letters are typed or ordered", () => {
    expect(lettersToPress(item("ordering"))).toEqual([]);
    expect(lettersToPress(item("fill_in", { options: [] }))).toEqual([]);
    expect(lettersToPress(item("matching"))).toEqual(["A", "B", "C", "D"]);
  });
});
