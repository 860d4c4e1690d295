/** Attempts and rulings over HTTP. */
import type { components } from "@shared/api";
import type { TimelineLine } from "@shared/protocol";

import { ask, command, path } from "./http";

type Schemas = components["schemas"];

export type AttemptVerb =
  | "check-in" | "refuse" | "absent" | "extend" | "suspend" | "unsuspend" | "collect" | "revoke-hand-in" | "allow-seat-change"
  | "admit-late" | "answer-hand" | "message" | "warn" | "flag" | "picture" | "void/propose";

export type AttemptShown = Schemas["AttemptShown"];

export type FlagShown = Schemas["FlagShown"];

export type VoidShown = Schemas["VoidShown"];

export type RulingsShown = Schemas["RulingsShown"];

export const attempts = (session: string) => ask<AttemptShown[]>(path`/api/sessions/${session}/attempts`);
export const rulings = (session: string, attempt: string) => ask<RulingsShown>(path`/api/sessions/${session}/attempts/${attempt}/rulings`);

export const act = (session: string, attempt: string, verb: AttemptVerb, body: object = {}) =>
  command(path`/api/sessions/${session}/attempts/${attempt}/` + verb, body);

export const timeline = (session: string, attempt: string, after: number) =>
  ask<TimelineLine[]>(path`/api/sessions/${session}/attempts/${attempt}/timeline?after=${after}`);

export const closeFlag = (session: string, flag: string, outcome: "acknowledged" | "dismissed", reason: string | null) =>
  command(path`/api/sessions/${session}/flags/${flag}/close`, { outcome, reason });

/** 虚假材料: proposed by whoever is logged in, signed by the second; a repeat after a wrong password finds the proposal. */
export async function lateVoid(session: string, attempt: string, proposal: object, second: object): Promise<void> {
  const at = path`/api/sessions/${session}/attempts/${attempt}/void-after-exam`;
  const { ruling } = await command<{ ruling: string }>(at, proposal);
  await command(`${at}${path`/${ruling}/sign`}`, second);
}

/** A step of a void after its proposal: signed by the second person, withdrawn, or decided by the confirming body. */
export const voidStep = (session: string, attempt: string, ruling: string, step: "sign" | "withdraw" | "decide", body: object) =>
  command(path`/api/sessions/${session}/attempts/${attempt}/void/${ruling}/${step}`, body);
