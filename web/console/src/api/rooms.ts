/** Sites and rooms over HTTP. */
import type { SeatPlan } from "../live/layout";
import { ask, command, path, send } from "./http";

export interface SiteShown {
  id: string;
  name: string;
  address: string;
  seats: number;
  warnings: string[];
}

export interface SeatShown {
  number: number;
  row: number;
  column: number;
  spare: boolean;
}

export const NUMBERINGS = ["s_columns", "s_rows", "columns", "rows"] as const;
export type Numbering = (typeof NUMBERINGS)[number];

export interface RoomShown {
  id: string;
  site: string;
  name: string;
  approval: string | null;
  rows: number;
  columns: number;
  numbering: Numbering;
  seats: SeatShown[];
  warnings: string[];
}

export interface Layout {
  rows: number;
  columns: number;
  numbering: Numbering;
  gaps: [number, number][];
  spare: number[];
}

/** The room's seats as rows from the front; a place without a seat is a gap. */
export function planOf(room: Pick<RoomShown, "rows" | "columns" | "seats">): SeatPlan {
  const plan = Array.from({ length: room.rows }, () => Array.from({ length: room.columns }, (): number | null => null));
  for (const seat of room.seats) {
    const line = plan[seat.row - 1];
    if (line !== undefined) line[seat.column - 1] = seat.number;
  }
  return plan;
}

export const sites = () => ask<SiteShown[]>("/api/sites");
export const addSite = (asked: { name: string; address: string }) => command<SiteShown>("/api/sites", asked);
export const rooms = () => ask<RoomShown[]>("/api/rooms");
export const addRoom = (asked: { site: string; name: string; layout: Layout }) => command<RoomShown>("/api/rooms", asked);
export const approveRoom = (room: string, approval: string | null) => send<RoomShown>("PUT", path`/api/rooms/${room}/approval`, { approval });
