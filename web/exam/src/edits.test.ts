import type { AnswerState } from "@shared/protocol";
import { beforeEach, describe, expect, it } from "vitest";

import { type Edit, Edits } from "./edits";

const answer = (slot: number, ...response: string[]): Edit => ({ type: "answer", slot, response });
const mark = (slot: number, marked: boolean): Edit => ({ type: "mark", slot, marked });
const held = (slot: number, response: string[], marked = false): AnswerState => ({ slot, response, marked, saved: "seat" });
const holding = (...states: AnswerState[]): Map<number, AnswerState> => new Map(states.map((state) => [state.slot, state]));

let edits: Edits;
beforeEach(() => {
  edits = new Edits();
});

describe("take", () => {
  it("gives one at a time, in order", () => {
    edits.add(answer(1, "A"), undefined);
    edits.add(answer(2, "B"), undefined);
    expect(edits.take()).toEqual(answer(1, "A"));
    expect(edits.take()).toBeNull();
    expect(edits.settle(held(1, ["A"]))).toBe(true);
    expect(edits.take()).toEqual(answer(2, "B"));
  });
  it("gives only the newest of an item and kind", () => {
    edits.add(answer(9, "D"), undefined);
    edits.take();
    edits.add(answer(1, "A"), undefined);
    edits.add(mark(1, true), undefined);
    edits.add(answer(1, "C"), undefined);
    edits.settle(held(9, ["D"]));
    expect(edits.take()).toEqual(mark(1, true));
    edits.settle(held(1, [], true));
    expect(edits.take()).toEqual(answer(1, "C"));
    edits.settle(held(1, ["C"], true));
    expect(edits.take()).toBeNull();
    expect(edits.unsaved).toBe(0);
  });
  it("sends nothing when it was changed back in time", () => {
    edits.add(answer(1, "B"), held(1, ["A"]));
    edits.add(answer(1, "A"), held(1, ["A"]));
    expect(edits.take()).toBeNull();
    expect(edits.unsaved).toBe(0);
  });
});

describe("settle", () => {
  it("is not fooled by an older answer of the same item", () => {
    edits.add(answer(1, "A"), undefined);
    edits.take();
    edits.add(answer(1, "B"), undefined);
    expect(edits.response(1)).toEqual(["B"]);
    edits.settle(held(1, ["A"]));
    expect(edits.response(1)).toEqual(["B"]);
    edits.take();
    expect(edits.settle(held(1, ["A"]))).toBe(false);
    expect(edits.settle(held(1, ["B"]))).toBe(true);
    expect(edits.response(1)).toBeUndefined();
  });
  it("tells clearing from never answering", () => {
    edits.add(answer(1), held(1, ["A"]));
    expect(edits.response(1)).toEqual([]);
    expect(edits.unsaved).toBe(1);
  });
});

describe("requeue", () => {
  it("lets the others go before one that was not answered", () => {
    edits.add(answer(1, "A"), undefined);
    edits.add(answer(2, "B"), undefined);
    edits.take();
    edits.requeue();
    expect(edits.take()).toEqual(answer(2, "B"));
  });
});

describe("compare", () => {
  it("sends again what travelled and was lost, before what waited", () => {
    edits.add(answer(1, "A"), undefined);
    edits.add(answer(2, "B"), undefined);
    edits.take();
    expect(edits.compare(holding())).toEqual([]);
    expect(edits.take()).toEqual(answer(1, "A"));
  });
  it("does not send again what was saved while the word of it was lost", () => {
    edits.add(answer(1, "A"), undefined);
    edits.take();
    expect(edits.compare(holding(held(1, ["A"])))).toEqual([]);
    expect(edits.take()).toBeNull();
  });
  it("sends a newer edit over its own older one that arrived", () => {
    edits.add(answer(1, "A"), undefined);
    edits.take();
    edits.add(answer(1, "B"), undefined);
    expect(edits.compare(holding(held(1, ["A"])))).toEqual([]);
    expect(edits.take()).toEqual(answer(1, "B"));
  });
  it("yields to what another page wrote meanwhile", () => {
    edits.add(answer(1, "A"), undefined);
    edits.add(mark(2, true), undefined);
    expect(edits.compare(holding(held(1, ["D"])))).toEqual([1]);
    expect(edits.take()).toEqual(mark(2, true));
    expect(edits.response(1)).toBeUndefined();
  });
});
