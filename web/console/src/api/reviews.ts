/** Reviews over HTTP: the queue, one attempt's dossier, what was seen, and what is decided. */
import type { ScoreLine } from "@shared/protocol";

import type { FlagShown, VoidShown } from "./attempts";
import { ask, command, path } from "./http";

export interface WindowShown {
  name: string;
  by: string;
  since: string;
  since_at: number | null;
  working_days: number;
  state: "open" | "overdue" | "not_begun" | "calendar_missing";
  last_day: string | null;
  deadline_at: number | null;
  working_days_left: number | null;
  missing_year: number | null;
  calendar_version: string | null;
  zh: string;
  en: string;
}

export interface QueuedAttempt {
  attempt: string;
  seat: number;
  name: string;
  ticket: string;
  subject: string;
  state: string;
  result: string;
  risk: number;
  reasons: { code: string; count: number }[];
  chosen: boolean;
  seen: number;
}

export interface QueuedSession {
  session: string;
  title: string;
  batch: string;
  scheme: string;
  state: string;
  ended_at: number | null;
  deadline_at: number | null;
  windows: WindowShown[];
  patrol_missing: boolean;
  recused: string | null;
  counts: Record<string, number>;
  attempts: QueuedAttempt[];
}

export interface QueueShown {
  room_time: number;
  calendar_version: string;
  calendar_fault: string | null;
  sessions: QueuedSession[];
}

export interface SnapshotShown {
  n: number;
  digest: string | null;
  reason: string;
  planned_ms: number | null;
  taken_at: number;
  width: number;
  height: number;
  quality: string;
  missed_cause: string | null;
  held: boolean;
}

export interface ReviewedSnapshot extends SnapshotShown {
  observations: string[];
  must_see: boolean;
  seen: boolean;
}

export interface ReviewedFlag extends FlagShown {
  must_see: boolean;
  seen: boolean;
}

export interface Dossier {
  session: string;
  title: string;
  session_state: string;
  attempt: string;
  subject: string;
  subject_title: string;
  candidate: {
    id: string;
    name: string;
    ticket: string;
    document_masked: string;
    employer: string;
    institution: string;
    photo: string | null;
  };
  sitting: {
    state: string;
    seat: number;
    station: string | null;
    started_at: number | null;
    end_at: number | null;
    handed_in_at: number | null;
    handed_in_by: string | null;
    receipt: string | null;
    receipt_matches: boolean | null;
    away_times: number;
    away_ms: number;
    link_losses: number;
    offline_ms: number;
    machine_changes: number;
    not_counted: number;
    seat_vouched: number;
    late_streams: string[];
    streams: number;
  };
  result: {
    state: string;
    score: number | null;
    max_score: number | null;
    pass_score: number;
    passed: boolean | null;
    voided: boolean;
    answers_changed: boolean;
    confirmed_by: string | null;
    confirmed_at: number | null;
  };
  answers: ScoreLine[];
  snapshots: ReviewedSnapshot[];
  outstanding: number;
  missed: number;
  flags: ReviewedFlag[];
  voids: VoidShown[];
  windows: WindowShown[];
  chosen: boolean;
  to_see: string[];
  blocks: string[];
  recused: string | null;
  previous: string | null;
  next: string | null;
}

export const queue = () => ask<QueueShown>("/api/reviews");
export const dossier = (session: string, attempt: string) => ask<Dossier>(path`/api/reviews/${session}/${attempt}`);
export const seen = (session: string, attempt: string, what: "snapshot" | "flag", key: string) =>
  command(path`/api/reviews/${session}/${attempt}/seen`, { what, key });
export const decide = (session: string, attempt: string, verb: "confirm" | "dispute" | "back" | "rescore", reason: string | null) =>
  command(path`/api/reviews/${session}/${attempt}/` + verb, { reason });
export const confirmSession = (session: string) => command(path`/api/sessions/${session}/confirm`, {});
export const bundle = (session: string, attempt: string): string => path`/api/sessions/${session}/attempts/${attempt}/bundle`;
