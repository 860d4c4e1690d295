/** Sessions over HTTP. */
import type { components } from "@shared/api";
import { ask, command, path } from "./http";

type Schemas = components["schemas"];

export type SessionShown = Schemas["SessionShown"];

/** What the pinned scheme says to the screens of its session. */
export type SchemeShown = Schemas["SchemeShown"];

export type NewSession = Schemas["NewSession"];

export type SessionVerb =
  | "apply" | "approve" | "return" | "load" | "check" | "open-check-in" | "rules-read" | "confirm-start" | "start" | "pause"
  | "resume" | "extend" | "end" | "cancel" | "abort" | "archive";

export const sessions = () => ask<SessionShown[]>("/api/sessions");
export const session = (id: string) => ask<SessionShown>(path`/api/sessions/${id}`);
export const schemeOf = (id: string) => ask<SchemeShown>(path`/api/sessions/${id}/scheme`);
export const plan = (asked: NewSession) => command<SessionShown>("/api/sessions", asked);
export const act = (id: string, verb: SessionVerb, body: object = {}) => command(path`/api/sessions/${id}/${verb}`, body);

/** The day of something outside the room, from which a review window counts. */
export const reportEvent = (id: string, event: string, day: string, reason: string | null) =>
  command(path`/api/sessions/${id}/window-events`, { event, day, reason });

export interface JournalTaken {
  entries: number;
  taken: number;
  repeated: number;
  quarantined: number;
}

export function importJournal(id: string, file: File): Promise<JournalTaken> {
  const form = new FormData();
  form.append("file", file);
  return command<JournalTaken>(path`/api/sessions/${id}/journals`, form);
}
