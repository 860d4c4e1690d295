/** Addresses of pictures: named by what they hold, so a browser may keep them. */
import { path } from "./http";

export const snapshotAddress = (session: string, digest: string, thumb: boolean): string =>
  path`/api/sessions/${session}/snapshots/${digest}` + (thumb ? "?thumb=1" : "");

/** A candidate's registered photo; its digest makes the address a new one when the photo is replaced. */
export const photoAddress = (candidate: string, digest: string): string => path`/api/candidates/${candidate}/photo?v=${digest}`;
