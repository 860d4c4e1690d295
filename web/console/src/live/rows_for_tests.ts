// Builders for tests: whole rows of a quiet room; what a test is about is given.
import type { AlarmRow, FloorRow, SessionRow, StationRow, ToConsole } from "@shared/protocol";

export const NOW = Date.UTC(2026, 5, 15, 2, 0);

export function aRow(given: Partial<FloorRow> = {}): FloorRow {
  const seat = given.seat ?? 1;
  return {
    attempt: `a${seat}`,
    seat,
    name: `考生${seat}`,
    ticket: `2026061500${String(seat).padStart(2, "0")}`,
    document_masked: `4201**********12${String(seat).padStart(2, "0")}`,
    subject: "theory",
    photo: null,
    state: "running",
    station: `st${seat}`,
    link: "connected",
    heard_from_at: NOW,
    camera: "ok",
    answered: 0,
    items: 60,
    clock: { started_at: NOW - 60_000, end_at: NOW + 7_140_000, remaining_ms: 7_140_000 },
    orders_unheard: 0,
    rules_acknowledged: true,
    hand_raised: false,
    away_since: null,
    away_times: 0,
    away_ms: 0,
    picture: null,
    pictures: 0,
    pictures_outstanding: 0,
    pictures_missed: 0,
    flags_open: 0,
    worst_flag: null,
    void: "none",
    machine_changes: 0,
    not_counted: 0,
    late_streams: [],
    receipt: null,
    ...given,
  };
}

export function aSession(given: Partial<SessionRow> = {}): SessionRow {
  return {
    session: "s1",
    title: "施工员",
    state: "running",
    room: "r1",
    run_type: "formal",
    starts_at: NOW - 60_000,
    started_at: NOW - 60_000,
    end_at: NOW + 7_140_000,
    paused_at: null,
    late_cutoff_at: NOW + 1_740_000,
    rules_read_by: "p1",
    rules_read_at: NOW - 600_000,
    start_confirmed_by: ["p1", "p2"],
    proctors_min: 2,
    gates: [],
    counts: {},
    ...given,
  };
}

export function anAlarm(given: Partial<AlarmRow> = {}): AlarmRow {
  return {
    alarm: "f1",
    attempt: "a1",
    seat: 1,
    code: "page_left",
    severity: "minor",
    source: "machine",
    at: NOW,
    duration_ms: null,
    evidence: [],
    note: null,
    open: true,
    ...given,
  };
}

export function aStation(given: Partial<StationRow> = {}): StationRow {
  return {
    station: "st1",
    seat: 1,
    connected: true,
    camera: "ok",
    width: 1280,
    height: 720,
    disk_free_mb: 20_000,
    software: "0.1.0",
    clock_offset_ms: 3,
    fit: true,
    reasons: [],
    ...given,
  };
}

export function aSnapshot(rows: FloorRow[], given: Partial<Extract<ToConsole, { type: "snapshot" }>> = {}): ToConsole {
  return { type: "snapshot", n: 1, room_time: NOW, session: aSession(), rows, alarms: [], stations: [], ...given };
}

export function changes(given: Partial<Extract<ToConsole, { type: "changes" }>>): ToConsole {
  return { type: "changes", n: 2, room_time: NOW, session: null, rows: [], alarms: [], stations: [], ...given };
}
