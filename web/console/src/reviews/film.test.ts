import { describe, expect, it } from "vitest";

import type { FlagShown } from "../api/attempts";
import type { ReviewedSnapshot } from "../api/reviews";
import { absences, frames, nearest, nextFlag, nextUnseen } from "./film";

const shot = (n: number, given: Partial<ReviewedSnapshot> = {}): ReviewedSnapshot => ({
  n, digest: `d${n}`, reason: "schedule", planned_ms: 0, taken_at: n * 1000, width: 1280, height: 720, quality: "clear", missed_cause: null, held: true, observations: [], must_see: false, seen: false, ...given,
});
const flag = (id: string, at: number, evidence: string[] = []): FlagShown => ({
  flag: id, code: "page_left", severity: "minor", source: "machine", by: "room", at, evidence, reason: null, duration_ms: null, outcome: null, closed_by: null, closed_at: null,
});

describe("frames", () => {
  it("stand in order of time, with what must be seen and where flags belong", () => {
    const film = frames([shot(3), shot(1), shot(2, { must_see: true })], [flag("near", 2900), flag("named", 9000, ["d1"])]);
    expect(film.map((one) => one.digest)).toEqual(["d1", "d2", "d3"]);
    expect(film.map((one) => one.must)).toEqual([false, true, false]);
    expect(film.map((one) => one.flags)).toEqual([["named"], [], ["near"]]);
  });
  it("keep a missed picture in its place", () => {
    const film = frames([shot(1), shot(2, { digest: null, held: false, missed_cause: "camera" })], [flag("f", 2000)]);
    expect(film[1]).toMatchObject({ missed: "camera", flags: ["f"] });
  });
});

describe("stepping", () => {
  const film = frames([shot(1), shot(2), shot(3), shot(4)], [flag("a", 2000), flag("b", 4000)]);
  it("finds the nearest picture", () => {
    expect(nearest(film, 2400)).toBe(1);
    expect(nearest([], 5)).toBe(-1);
  });
  it("goes from flag to flag and stays at the last", () => {
    expect(nextFlag(film, 0, 1)).toBe(1);
    expect(nextFlag(film, 1, 1)).toBe(3);
    expect(nextFlag(film, 3, 1)).toBe(3);
    expect(nextFlag(film, 3, -1)).toBe(1);
  });
});

describe("what must be seen", () => {
  const film = frames([shot(1, { must_see: true }), shot(2), shot(3, { must_see: true })], []);
  it("is looked for round the end, until all of it was seen", () => {
    expect(nextUnseen(film, 0, new Set())).toBe(2);
    expect(nextUnseen(film, 2, new Set())).toBe(0);
    expect(nextUnseen(film, 1, new Set(["d1", "d3"]))).toBe(-1);
    expect(nextUnseen([], 0, new Set())).toBe(-1);
  });
});

describe("absences", () => {
  const line = (type: string, at: number) => ({ n: at, at, received_at: at, type, by: null, by_name: null, author: "station" as const, facts: {}, picture: null, note: null });
  it("last from leaving to returning, or to the end", () => {
    expect(absences([line("page.left", 1), line("page.left", 2), line("page.returned", 5), line("page.left", 8)], 10)).toEqual([{ from: 1, to: 5 }, { from: 8, to: 10 }]);
  });
});
