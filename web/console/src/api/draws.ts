/** The draw of a session over HTTP: what the banks can give, two people's parts, spares, and what proves the papers. */
import type { components } from "@shared/api";
import { ask, command, path } from "./http";

type Schemas = components["schemas"];

export type SessionDraws = Schemas["SessionDraws"];
export type SubjectCoverage = Schemas["SubjectCoverage"];

export const draws = (id: string) => ask<SessionDraws>(path`/api/sessions/${id}/draws`);
export const coverage = (id: string) => ask<SubjectCoverage[]>(path`/api/sessions/${id}/coverage`);
export const spares = (id: string) => ask<Schemas["SparesShown"]>(path`/api/sessions/${id}/spares`);
export const enterPart = (id: string, asked: Schemas["DrawPartAsked"]) => command(path`/api/sessions/${id}/draw-parts`, asked);
export const listLate = (id: string, asked: Schemas["LatePlace"]) => command(path`/api/sessions/${id}/late`, asked);

/** Where a browser gets what `kaochang bank prove --file` reads. */
export const drawsAddress = (id: string): string => path`/api/sessions/${id}/draws`;
