import { describe, expect, it } from "vitest";

import type { Item } from "../api/bank";
import { type Draft, draftOf, dropOption, emptyDraft, faultsOf, itemOf, rightResponse, seenBy, turnTo } from "./editing";

const plain = { version: 1, markup: "text" as const, options: [], key: [], premises: [], blanks: [], parts: [], reference: "", solution: "", difficulty: null, score: null, point: "", tags: [] };
const ITEMS: Item[] = [
  { ...plain, code: "T", kind: "true_false", stem: "s", options: ["正确", "错误"], key: [1] },
  { ...plain, code: "M", kind: "multiple", stem: "s", options: ["a", "b", "c"], key: [0, 2], difficulty: 70, score: 50, tags: ["x"], point: "A-1" },
  { ...plain, code: "F", kind: "fill_in", stem: "不超过____V", blanks: [{ accepted: ["三十六"], number: "36", tolerance: "0.5", case_sensitive: false }] },
  { ...plain, code: "O", kind: "ordering", stem: "s", options: ["a", "b", "c"], key: [2, 0, 1] },
  { ...plain, code: "P", kind: "matching", stem: "s", premises: ["1", "2"], options: ["a", "b", "c"], key: [2, 0] },
  { ...plain, code: "S", kind: "short_answer", stem: "s", reference: "要点", solution: "解析" },
];
const CASE: Item = { ...plain, code: "K", kind: "case", stem: "背景", parts: [{ ...ITEMS[1] as Item, code: "K-1" }, { ...ITEMS[5] as Item, code: "K-2" }] };

describe("a stored item", () => {
  it.each([...ITEMS, CASE].map((item): [string, Item] => [item.kind, item]))("of kind %s comes back equal when nothing was edited", (_, item) => {
    const draft = draftOf(item);
    expect(itemOf(draft)).toEqual(item);
    expect(faultsOf(draft)).toEqual([]);
  });
});

describe("itemOf", () => {
  it("leaves out what another kind would have", () => {
    const draft = { ...draftOf(ITEMS[4] as Item) };
    turnTo(draft, "short_answer");
    expect(itemOf(draft)).toMatchObject({ options: [], premises: [], key: [], blanks: [], parts: [] });
  });
  it("numbers the parts of a case after its code", () => {
    const draft = draftOf(CASE);
    draft.code = "N9";
    expect(itemOf(draft).parts.map((part) => part.code)).toEqual(["N9-1", "N9-2"]);
  });
});

describe("dropOption", () => {
  const after = (item: Item | undefined, at: number): Draft => {
    const draft = draftOf(item as Item);
    dropOption(draft, at);
    return draft;
  };
  it("lets the key follow", () => {
    expect(after(ITEMS[1], 0).key).toEqual([1]);
    expect(after(ITEMS[3], 0).key).toEqual([1, 0]);
    expect(after(ITEMS[4], 0).key).toEqual([1, -1]);
  });
});

describe("faultsOf", () => {
  const codes = (draft: Draft): string[] => faultsOf(draft).map((one) => `${one.place}:${one.code}`);
  it("names every place of an empty item", () => {
    expect(codes(emptyDraft())).toEqual(["code:empty", "stem:empty", "options.0:empty", "options.1:empty", "options.2:empty", "options.3:empty", "key:no_key"]);
  });
  it("counts the blanks of the stem against those that have answers", () => {
    const draft = draftOf(ITEMS[2] as Item);
    draft.stem = "____和____";
    expect(codes(draft)).toEqual(["blanks:blank_count"]);
    draft.stem = "____";
    Object.assign(draft.blanks[0] ?? {}, { number: "三十", tolerance: "-1" });
    expect(codes(draft)).toEqual(["blanks.0.number:no_number", "blanks.0.tolerance:no_number"]);
  });
  it("looks into the parts of a case", () => {
    const draft = draftOf(CASE);
    (draft.parts[0] as Draft).stem = "";
    expect(codes(draft)).toEqual(["parts.0.stem:empty"]);
  });
});

describe("what a candidate sees", () => {
  it("has no key and the parts of a case under its stem", () => {
    const { shared, items } = seenBy(CASE);
    expect(shared).toEqual({ markup: "text", stem: "背景" });
    expect(items.map((one) => [one.slot, one.kind, one.case])).toEqual([[1, "multiple", 0], [2, "short_answer", 0]]);
    expect(Object.keys(items[0] ?? {})).not.toContain("key");
  });
  it("would be right with these responses", () => {
    expect(rightResponse(ITEMS[3] as Item)).toEqual(["C", "A", "B"]);
    expect(rightResponse(ITEMS[4] as Item)).toEqual(["C", "A"]);
    expect(rightResponse(ITEMS[2] as Item)).toEqual(["三十六"]);
  });
});
