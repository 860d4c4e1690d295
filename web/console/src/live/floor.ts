/**
 * The floor a console holds: rows by key, at position n. Pure; rows are replaced whole and never folded, so that a
 * stale floor and the changes since are the same as a fresh snapshot. Unchanged rows keep their identity.
 */
import type { AlarmRow, FloorRow, SessionRow, StationRow, ToConsole } from "@shared/protocol";

export interface Floor {
  readonly n: number;
  readonly session: SessionRow;
  readonly rows: ReadonlyMap<string, FloorRow>;
  readonly alarms: ReadonlyMap<string, AlarmRow>;
  readonly stations: ReadonlyMap<string, StationRow>;
}

function byKey<Row>(rows: readonly Row[], key: (row: Row) => string): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [key(row), row]));
}

function replaced<Row>(
  held: ReadonlyMap<string, Row>,
  rows: readonly Row[],
  key: (row: Row) => string,
): ReadonlyMap<string, Row> {
  if (rows.length === 0) return held;
  const next = new Map(held);
  for (const row of rows) next.set(key(row), row);
  return next;
}

const attemptOf = (row: FloorRow) => row.attempt;
const alarmOf = (row: AlarmRow) => row.alarm;
const stationOf = (row: StationRow) => row.station;

/** The floor after a message; changes without a snapshot before, or older than what is held, change nothing. */
export function apply(floor: Floor | null, message: ToConsole): Floor | null {
  if (message.type === "snapshot") {
    return {
      n: message.n,
      session: message.session,
      rows: byKey(message.rows, attemptOf),
      alarms: byKey(message.alarms, alarmOf),
      stations: byKey(message.stations, stationOf),
    };
  }
  if (floor === null || message.n < floor.n) return floor;
  return {
    n: message.n,
    session: message.session ?? floor.session,
    rows: replaced(floor.rows, message.rows, attemptOf),
    alarms: replaced(floor.alarms, message.alarms, alarmOf),
    stations: replaced(floor.stations, message.stations, stationOf),
  };
}
