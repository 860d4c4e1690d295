import { describe, expect, it } from "vitest";

import { dayOf } from "./day";
import { aRow, aSession, aStation } from "./rows_for_tests";

const fresh = { started_at: null, end_at: null, rules_read_at: null, rules_read_by: null, start_confirmed_by: [] };

describe("the day", () => {
  it("cannot begin before the papers are loaded", () => {
    expect(dayOf(aSession({ ...fresh, state: "approved" }), [], [])).toMatchObject({
      current: null, next: null, missing: [{ what: "not_loaded" }],
    });
  });
  it("begins with the machines and says how many are unfit", () => {
    const day = dayOf(aSession({ ...fresh, state: "loaded" }), [], [aStation(), aStation({ fit: false })]);
    expect(day).toMatchObject({ current: "machines", next: "check", missing: [{ what: "unfit_stations", count: 1 }] });
  });
  it("opens check-in once the machines are checked", () => {
    expect(dayOf(aSession({ ...fresh, state: "checked" }), [], []).next).toBe("open-check-in");
  });
  it("asks for the rules, then for two proctors, then for the start", () => {
    const rows = [aRow({ state: "expected" }), aRow({ seat: 2, state: "checked_in" })];
    const session = aSession({ ...fresh, state: "check_in" });
    expect(dayOf(session, rows, [])).toMatchObject({ current: "check_in", next: "rules-read" });
    expect(dayOf(session, rows, []).missing.map((one) => one.what)).toEqual(["not_arrived", "rules", "proctors"]);
    const read = { ...session, rules_read_at: 1 };
    expect(dayOf(read, rows, [])).toMatchObject({ current: "start", next: "confirm-start" });
    expect(dayOf({ ...read, start_confirmed_by: ["p1", "p2"] }, rows, [])).toMatchObject({ current: "start", next: "start" });
  });
  it("only watches while somebody sits, resumes a pause, and ends when nobody does", () => {
    expect(dayOf(aSession(), [aRow()], [])).toMatchObject({ current: "watch", next: null, missing: [{ count: 1 }] });
    expect(dayOf(aSession({ state: "paused" }), [aRow()], []).next).toBe("resume");
    expect(dayOf(aSession(), [aRow({ state: "handed_in" })], [])).toMatchObject({ current: "collect", next: "end" });
  });
  it("closes with the record form", () => {
    expect(dayOf(aSession({ state: "ended" }), [], [])).toMatchObject({ current: "record", next: "record" });
    expect(dayOf(aSession({ state: "signed" }), [], []).done.size).toBe(7);
  });
});
