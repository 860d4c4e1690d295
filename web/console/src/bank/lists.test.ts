import { describe, expect, it } from "vitest";

import { blueprintDraft, blueprintFaults, blueprintOf, emptyBlueprint, emptySection, rulesOf, sectionFaults, sumOf } from "./blueprint_draft";
import { type DraftOutline, linesOf, outlineDraft, outlineOf, pointsOf } from "./outline_draft";
import { PAGE, Pages } from "./pages";
import { whyNot } from "./states";

describe("Pages", () => {
  const rows = (offset: number) => Promise.resolve({ total: 20_000, rows: Array.from({ length: PAGE }, (_, at) => offset + at) });
  it("fetches what is wanted, each page once", async () => {
    const asked: number[] = [];
    const pages = new Pages((offset) => (asked.push(offset), rows(offset)));
    await Promise.all([pages.want(95, 105), pages.want(0, 10)]);
    expect(asked).toEqual([0, 100]);
    expect(pages.at(101)).toBe(101);
    expect(pages.at(19_999)).toBeUndefined();
  });
  it("shows the old rows until the new are here, and no answer to an older question", async () => {
    const waiting: ((total: number) => void)[] = [];
    const pages = new Pages<string>((offset) => new Promise((resolve) => waiting.push((total) => resolve({ total, rows: [`${total} ${offset}`] }))));
    const first = pages.want(0, 0);
    pages.forget();
    const second = pages.want(0, 0);
    waiting[1]?.(7);
    await second;
    waiting[0]?.(999);
    await first;
    expect(pages.total.value).toBe(7);
    pages.forget();
    expect(pages.at(0)).toBe("7 0");
  });
  it("can be tried again after a failure", async () => {
    let fails = true;
    const pages = new Pages((offset) => (fails ? Promise.reject(new Error("away")) : rows(offset)));
    await expect(pages.want(0, 0)).rejects.toThrow("away");
    fails = false;
    await pages.want(0, 0);
    expect(pages.at(5)).toBe(5);
  });
});

describe("whyNot", () => {
  it("lets nobody approve what they proposed", () => {
    expect(whyNot("approve", [{ state: "proposed", by: "me" }], "me")).toBe("own");
    expect(whyNot("approve", [{ state: "proposed", by: "other" }], "me")).toBeNull();
    expect(whyNot("approve", [{ state: "draft", by: "other" }], "me")).toBe("state");
    expect(whyNot("retire", [], "me")).toBe("none");
  });
});

describe("a blueprint", () => {
  const half = { ...emptySection("multiple"), title: "多选", count: 10, score: 2, rule: "partial" as const };
  it("comes back equal and sums without the dust of fractions", () => {
    const draft = { ...emptyBlueprint(), code: "p", title: "卷", full: 30, sections: [{ ...emptySection(), title: "单选", count: 100, score: 0.1 }, half] };
    expect(sumOf(draft)).toBe(30);
    expect(blueprintFaults(draft)).toEqual([]);
    expect(blueprintDraft(blueprintOf("bank", draft))).toEqual(draft);
  });
  it("says what is wrong with a section", () => {
    expect(sectionFaults({ ...half, score: 0.05 })).toEqual(["even"]);
    expect(sectionFaults({ ...emptySection("case"), title: "案例", score: 10, parts: [4, 5] })).toEqual(["parts"]);
    expect(sectionFaults({ ...half, rule: "fixed", fixed: 3 })).toEqual(["fixed"]);
    expect(sectionFaults({ ...half, shares: { easy: 30, medium: 30, hard: 30 } })).toEqual(["shares"]);
  });
  it("offers a kind only the rules that fit it", () => {
    expect(rulesOf("single")).toEqual(["all_or_nothing"]);
    expect(rulesOf("fill_in")).not.toContain("per_right");
  });
});

describe("an outline", () => {
  const point = { code: "p1", name: "点", importance: "X" as const };
  const outline = () => outlineDraft({ code: "b", title: "细目", ranges: [{ code: "A", name: "甲", weight: 10_000, points: [], children: [
    { code: "A1", name: "乙", weight: 3_350, points: [], children: [{ code: "A11", name: "丙", weight: 3_350, children: [], points: [point] }] },
    { code: "A2", name: "丁", weight: 6_650, points: [], children: [{ code: "A21", name: "戊", weight: 6_650, children: [], points: [{ ...point, code: "p2" }] }] },
  ] }] });
  const faults = (draft: DraftOutline) => linesOf(draft, new Set()).filter((line) => line.fault).map((line) => [line.range?.code, line.fault]);
  it("comes back equal", () => {
    expect(outlineDraft(outlineOf("b", outline()))).toEqual(outline());
    expect(faults(outline())).toEqual([]);
  });
  it("says where weights do not add up and codes stand twice", () => {
    const draft = outline();
    const top = draft.ranges[0];
    if (top?.children[1]) top.children[1].weight = 60;
    expect(faults(draft)).toEqual([["A", "sum"], ["A2", "sum"]]);
    if (top?.children[1]) Object.assign(top.children[1], { weight: 66.5, code: "A1" });
    expect(faults(draft)).toEqual([["A1", "twice"], ["A1", "twice"]]);
  });
  it("counts points by importance", () => {
    expect(pointsOf(outline().ranges[0] as DraftOutline["ranges"][number])).toEqual({ X: 2, Y: 0, Z: 0 });
  });
});
