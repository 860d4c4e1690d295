/** Reviews over HTTP: the queue, one attempt's dossier, what was seen, and what is decided. */
import type { components } from "@shared/api";

import { ask, command, path } from "./http";

type Schemas = components["schemas"];

export type WindowShown = Schemas["WindowShown"];

export type QueuedAttempt = Schemas["QueuedAttempt"];

export type QueuedSession = Schemas["QueuedSession"];

export type QueueShown = Schemas["QueueShown"];

export type SnapshotShown = Schemas["SnapshotShown"];

export type ReviewedSnapshot = Schemas["ReviewedSnapshot"];

export type ReviewedFlag = Schemas["ReviewedFlag"];

export type Dossier = Schemas["Dossier"];

export const queue = () => ask<QueueShown>("/api/reviews");
export const dossier = (session: string, attempt: string) => ask<Dossier>(path`/api/reviews/${session}/${attempt}`);
export const seen = (session: string, attempt: string, what: "snapshot" | "flag", key: string) =>
  command(path`/api/reviews/${session}/${attempt}/seen`, { what, key });
export const decide = (session: string, attempt: string, verb: "confirm" | "dispute" | "back" | "rescore", reason: string | null) =>
  command(path`/api/reviews/${session}/${attempt}/` + verb, { reason });
export const confirmSession = (session: string) => command(path`/api/sessions/${session}/confirm`, {});
export const bundle = (session: string, attempt: string): string => path`/api/sessions/${session}/attempts/${attempt}/bundle`;
