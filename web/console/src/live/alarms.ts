/** The alarm queue: open ones, worst first, then oldest; and which of them have not been heard here yet. */
import type { AlarmRow } from "@shared/protocol";

const WORST_FIRST = { severe: 0, major: 1, minor: 2, info: 3 } as const;

export function queued(alarms: Iterable<AlarmRow>): AlarmRow[] {
  return [...alarms]
    .filter((alarm) => alarm.open)
    .sort((a, b) => WORST_FIRST[a.severity] - WORST_FIRST[b.severity] || a.at - b.at || a.alarm.localeCompare(b.alarm));
}

/** Remembers which severe alarms this console has announced, so that each sounds once. */
export class Announcements {
  #known: Set<string> | null = null;

  /** Severe open alarms that are new since the last call; what stands at the first call is no news. */
  news(alarms: Iterable<AlarmRow>): AlarmRow[] {
    const severe = [...alarms].filter((alarm) => alarm.open && alarm.severity === "severe");
    const known = this.#known;
    const fresh = known === null ? [] : severe.filter((alarm) => !known.has(alarm.alarm));
    this.#known = new Set([...(known ?? []), ...severe.map((alarm) => alarm.alarm)]);
    return fresh;
  }
}
