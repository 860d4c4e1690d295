import type { AnswerState } from "@shared/protocol";
import { beforeEach, describe, expect, it } from "vitest";

import { type Edit, Edits, TYPING_PAUSE_MS, TYPING_WAIT_MS } from "./edits";

const answer = (slot: number, ...response: string[]): Edit & { type: "answer" } => ({ type: "answer", slot, response });
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

describe("typing", () => {
  it("is unsaved at once and travels when it pauses", () => {
    edits.type(answer(1, "2"), undefined, 1000);
    edits.type(answer(1, "24"), undefined, 1300);
    expect(edits.unsaved).toBe(1);
    expect(edits.response(1)).toEqual(["24"]);
    expect(edits.take(1300 + TYPING_PAUSE_MS - 1)).toBeNull();
    expect(edits.take(1300 + TYPING_PAUSE_MS)).toEqual(answer(1, "24"));
  });
  it("is never held back for longer than promised, however long it goes on", () => {
    for (let at = 0; at < TYPING_WAIT_MS; at += 500) {
      edits.type(answer(1, String(at)), undefined, at);
      expect(edits.take(at)).toBeNull();
    }
    edits.type(answer(1, "end"), undefined, TYPING_WAIT_MS);
    expect(edits.take(TYPING_WAIT_MS)).toEqual(answer(1, "end"));
  });
  it("holds no other answer up", () => {
    edits.type(answer(1, "2"), undefined, 0);
    edits.add(answer(2, "A"), undefined);
    expect(edits.take(0)).toEqual(answer(2, "A"));
  });
  it("is over when its field is left, or at hand-in", () => {
    edits.type(answer(1, "2"), undefined, 0);
    edits.typed(1);
    expect(edits.take(0)).toEqual(answer(1, "2"));
    edits.settle(held(1, ["2"]));
    edits.type(answer(1, "3"), held(1, ["2"]), 0);
    expect(edits.take()).toEqual(answer(1, "3"));
  });
  it("tells texts apart that only read alike when joined", () => {
    edits.add(answer(1, "a", "b"), held(1, ["ab", ""]));
    expect(edits.take()).toEqual(answer(1, "a", "b"));
    expect(edits.settle(held(1, ["ab", ""]))).toBe(false);
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
