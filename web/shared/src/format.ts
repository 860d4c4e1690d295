/** Instants, spans and scores as people read them. Instants are UTC milliseconds; the room's day is Asia/Shanghai. */
const ZONE = "Asia/Shanghai";

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

function read(at: number): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(at).map((part) => [part.type, part.value]));
}

/** `2026-06-15`. */
export function dateOf(at: number): string {
  const { year, month, day } = read(at);
  return `${year}-${month}-${day}`;
}

/** `14:05:09`. */
export function timeOf(at: number): string {
  const { hour, minute, second } = read(at);
  return `${hour}:${minute}:${second}`;
}

/** `2026-06-15 14:05`. */
export function minuteOf(at: number): string {
  return `${dateOf(at)} ${timeOf(at).slice(0, 5)}`;
}

/** A span counted down: `1:04:09`, `04:09`; never below zero. A second that has begun is shown. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** A span in its largest fitting unit, for ages: 14 s, 3 min, 2 h; never below zero. */
export function span(ms: number): { count: number; unit: "s" | "min" | "h" } {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return { count: seconds, unit: "s" };
  if (seconds < 3600) return { count: Math.floor(seconds / 60), unit: "min" };
  return { count: Math.floor(seconds / 3600), unit: "h" };
}

/** A score kept in hundredths, exactly: 5950 → `59.5`. */
export function score(hundredths: number): string {
  const whole = Math.trunc(hundredths / 100);
  const rest = String(Math.abs(hundredths % 100)).padStart(2, "0").replace(/0+$/, "");
  return rest === "" ? String(whole) : `${whole}.${rest}`;
}

/** A `datetime-local` value read in the room's zone, as an instant; null when it is none. */
export function instantOf(local: string): number | null {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/.exec(local);
  if (found === null) return null;
  // Asia/Shanghai has kept +08:00 without summer time since 1991.
  const at = Date.parse(`${found[1]}T${found[2]}:00+08:00`);
  return Number.isNaN(at) ? null : at;
}
