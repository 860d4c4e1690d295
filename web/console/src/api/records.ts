/** The record form over HTTP. */
import { ask, command, path } from "./http";

export interface EventOnForm {
  type: string;
  at: number;
  seat: number | null;
  ticket: string | null;
  name: string | null;
  by: string | null;
  reason: string | null;
  facts: Record<string, string | number | boolean | null>;
}

export interface ViolationOnForm {
  seat: number;
  ticket: string;
  name: string;
  code: string;
  title: string;
  scope: string;
  state: string;
  at: number;
  by: string;
  signed_by: string | null;
  reason: string | null;
  statement: string | null;
  statement_declined: boolean;
}

export interface AttemptOnForm {
  seat: number;
  ticket: string;
  name: string;
  subject: string;
  state: string;
  handed_in_at: number | null;
  handed_in_by: string | null;
  answered: number;
  receipt: string | null;
  link_losses: number;
  offline_ms: number;
  machine_changes: number;
}

export interface CorrectionOnForm {
  field: string;
  value: string | null;
  by: string;
  at: number;
  reason: string | null;
}

export interface RecordForm {
  session: string;
  title: string;
  batch: string;
  room: string;
  room_name: string;
  scheme: string;
  scheme_title: string;
  scheme_version: string;
  scheme_digest: string;
  run_type: string;
  subjects: { code: string; title: string; minutes: number }[];
  planned_at: number;
  started_at: number | null;
  ended_at: number | null;
  paused_ms: number;
  added_ms: number;
  rules: { at: number; by: string; waived: boolean; reason: string | null } | null;
  start_confirmed_by: string[];
  staff: { name: string; role: string }[];
  counts: Record<string, number>;
  attempts: AttemptOnForm[];
  late: EventOnForm[];
  events: EventOnForm[];
  violations: ViolationOnForm[];
  corrections: CorrectionOnForm[];
  room_key: string;
}

export interface RecordShown {
  form: RecordForm;
  signed: boolean;
  signatures: { person: string; name: string; at: number }[];
  form_digest: string | null;
  heads_digest: string | null;
  streams: number;
  may_sign: boolean;
  waiting: string[];
  correctable: string[];
}

export const record = (session: string) => ask<RecordShown>(path`/api/sessions/${session}/record`);
export const correct = (session: string, field: string, value: string, reason: string) =>
  command(path`/api/sessions/${session}/record/correct`, { field, value, reason });
export const sign = (session: string, login: string, password: string) =>
  command(path`/api/sessions/${session}/record/sign`, { login, password });
