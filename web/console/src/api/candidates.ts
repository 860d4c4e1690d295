/** Candidates over HTTP; document numbers come masked. */
import { ask, command, path } from "./http";

export interface CandidateShown {
  id: string;
  name: string;
  document_type: string;
  document_masked: string;
  ticket: string;
  sex: string | null;
  employer: string;
  institution: string;
  occupation: string;
  level: string;
  resit: boolean;
  has_photo: boolean;
}

export interface ListedShown {
  row: number;
  candidate: string;
  ticket: string;
  name: string;
  subjects: string[];
  seat: number | null;
}

export interface RosterTaken {
  added: number;
  changed: number;
  unchanged: number;
  lines: ListedShown[];
  warnings: object[];
}

export interface PhotosTaken {
  photos: number;
  without_photo: number;
}

export const candidates = (after: string) => ask<CandidateShown[]>(path`/api/candidates?after=${after}`);
export const importRoster = (scheme: string, file: File) => command<RosterTaken>(path`/api/candidates/roster?scheme=${scheme}`, file);
export const importPhotos = (scheme: string, file: File) => command<PhotosTaken>(path`/api/candidates/photos?scheme=${scheme}`, file);
export const enlist = (session: string, places: { candidate: string; subject: string; seat: number }[]) =>
  command(path`/api/sessions/${session}/roster`, { places });
