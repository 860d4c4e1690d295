/** Candidates over HTTP; document numbers come masked. */
import type { components } from "@shared/api";
import { ask, command, path } from "./http";

type Schemas = components["schemas"];

export type CandidateShown = Schemas["CandidateShown"];

export type ListedShown = Schemas["ListedShown"];

export type RosterTaken = Schemas["RosterTaken"];

export type PhotosTaken = Schemas["PhotosTaken"];

export const candidates = (after: string) => ask<CandidateShown[]>(path`/api/candidates?after=${after}`);
export const importRoster = (scheme: string, file: File) => command<RosterTaken>(path`/api/candidates/roster?scheme=${scheme}`, file);
export const importPhotos = (scheme: string, file: File) => command<PhotosTaken>(path`/api/candidates/photos?scheme=${scheme}`, file);
export const enlist = (session: string, places: { candidate: string; subject: string; seat: number }[]) =>
  command(path`/api/sessions/${session}/roster`, { places });
