import { describe, expect, it } from "vitest";

import { apply } from "./floor";
import { aRow, aSession, aSnapshot, aStation, anAlarm, changes } from "./rows_for_tests";

const started = () => apply(null, aSnapshot([aRow({ seat: 1 }), aRow({ seat: 2 })]));

describe("apply", () => {
  it("starts from a snapshot and from nothing else", () => {
    expect(apply(null, changes({ rows: [aRow()] }))).toBeNull();
    expect(started()?.rows.size).toBe(2);
  });
  it("replaces rows by key and leaves the others as they are", () => {
    const before = started();
    const after = apply(before, changes({ rows: [aRow({ seat: 2, answered: 5 })] }));
    expect(after?.rows.get("a2")?.answered).toBe(5);
    expect(after?.rows.get("a1")).toBe(before?.rows.get("a1"));
    expect(after?.alarms).toBe(before?.alarms);
    expect(before?.rows.get("a2")?.answered).toBe(0);
  });
  it("takes in rows it did not know", () => {
    const after = apply(started(), changes({ rows: [aRow({ seat: 3 })], alarms: [anAlarm()], stations: [aStation()] }));
    expect([...(after?.rows.keys() ?? [])]).toEqual(["a1", "a2", "a3"]);
    expect(after?.alarms.get("f1")?.code).toBe("page_left");
    expect(after?.stations.get("st1")?.fit).toBe(true);
  });
  it("refuses changes from before its own position", () => {
    const floor = apply(started(), changes({ n: 9 }));
    expect(apply(floor, changes({ n: 8, rows: [aRow({ answered: 1 })] }))).toBe(floor);
  });
  it("keeps the session until another is said", () => {
    const floor = apply(started(), changes({ session: aSession({ state: "paused" }) }));
    expect(apply(floor, changes({ n: 3 }))?.session.state).toBe("paused");
  });
  it("forgets everything at a fresh snapshot", () => {
    const floor = apply(started(), aSnapshot([aRow({ seat: 7 })], { n: 1 }));
    expect([...(floor?.rows.keys() ?? [])]).toEqual(["a7"]);
  });
  it("law: a stale floor and the changes since are a fresh snapshot", () => {
    const one = [aRow({ seat: 2, state: "away" })];
    const two = [aRow({ seat: 1, answered: 3 }), aRow({ seat: 2, state: "running", away_times: 1 })];
    const alarm = anAlarm({ attempt: "a2" });
    let stale = started();
    stale = apply(stale, changes({ n: 2, rows: one, alarms: [alarm] }));
    stale = apply(stale, changes({ n: 3, rows: two, alarms: [{ ...alarm, open: false }] }));
    const fresh = apply(null, aSnapshot(two, { n: 3, alarms: [{ ...alarm, open: false }] }));
    expect(stale).toEqual(fresh);
  });
});
