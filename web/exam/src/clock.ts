import type { Clock } from "@shared/protocol";

/** Rooms of these exams keep the time of China. */
const TIME_ZONE = "Asia/Shanghai";

/** A clock with the moment it was heard, in milliseconds of a counter nobody can set (performance.now). */
export interface HeardClock {
  readonly clock: Clock;
  readonly at: number;
}

/** Time left, in milliseconds, never negative; the system clock has no say in it. */
export function remainingMs({ clock, at }: HeardClock, now: number): number {
  return Math.max(0, clock.remaining_ms - (clock.running ? now - at : 0));
}

/** The room's time, in UTC milliseconds. */
export function roomTime({ clock, at }: HeardClock, now: number): number {
  return clock.room_time + (now - at);
}

/** A span as 1:29:05 or 09:59; a started second counts whole, so that zero means the time is up. */
export function spanWords(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** A whole number of minutes, rounded up: a wait is never announced too short. */
export const minutesUp = (ms: number): number => Math.ceil(Math.max(0, ms) / 60_000);

const CLOCK_FACE = new Intl.DateTimeFormat("en-GB", { timeZone: TIME_ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** An instant as 09:30:05 on the room's wall. */
export const wallClock = (instant: number): string => CLOCK_FACE.format(instant);
