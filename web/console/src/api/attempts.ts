/** Attempts and rulings over HTTP. */
import type { TimelineLine } from "@shared/protocol";

import { ask, command, path } from "./http";

export type AttemptVerb =
  | "check-in" | "refuse" | "absent" | "extend" | "suspend" | "unsuspend" | "collect" | "revoke-hand-in" | "allow-seat-change"
  | "admit-late" | "message" | "warn" | "flag" | "picture" | "void/propose";

export interface AttemptShown {
  id: string;
  candidate: string;
  subject: string;
  seat: number;
  state: string;
  station: string | null;
  answered: number;
  handed_in_at: number | null;
  handed_in_by: string | null;
}

export interface FlagShown {
  flag: string;
  code: string;
  severity: "info" | "minor" | "major" | "severe";
  source: "person" | "machine";
  by: string;
  at: number;
  evidence: string[];
  reason: string | null;
  duration_ms: number | null;
  outcome: string | null;
  closed_by: string | null;
  closed_at: number | null;
}

export interface VoidShown {
  ruling: string;
  code: string;
  scope: "subject" | "batch";
  state: string;
  flags: string[];
  statement: string | null;
  statement_declined: boolean;
  by: string;
  at: number;
  reason: string | null;
  signed_by: string | null;
  decided_by: string | null;
  decided_reason: string | null;
}

export interface RulingsShown {
  flags: FlagShown[];
  voids: VoidShown[];
}

export const attempts = (session: string) => ask<AttemptShown[]>(path`/api/sessions/${session}/attempts`);
export const rulings = (session: string, attempt: string) => ask<RulingsShown>(path`/api/sessions/${session}/attempts/${attempt}/rulings`);

export const act = (session: string, attempt: string, verb: AttemptVerb, body: object = {}) =>
  command(path`/api/sessions/${session}/attempts/${attempt}/` + verb, body);

export const timeline = (session: string, attempt: string, after: number) =>
  ask<TimelineLine[]>(path`/api/sessions/${session}/attempts/${attempt}/timeline?after=${after}`);

export const closeFlag = (session: string, flag: string, outcome: "acknowledged" | "dismissed", reason: string | null) =>
  command(path`/api/sessions/${session}/flags/${flag}/close`, { outcome, reason });

/** A step of a void after its proposal: signed by the second person, withdrawn, or decided by the confirming body. */
export const voidStep = (session: string, attempt: string, ruling: string, step: "sign" | "withdraw" | "decide", body: object) =>
  command(path`/api/sessions/${session}/attempts/${attempt}/void/${ruling}/${step}`, body);
