/** Sites and rooms over HTTP. */
import type { components } from "@shared/api";
import type { SeatPlan } from "../live/layout";
import { ask, command, path, send } from "./http";

type Schemas = components["schemas"];

export type SiteShown = Schemas["SiteShown"];

export type SeatShown = Schemas["SeatShown"];

export const NUMBERINGS = ["s_columns", "s_rows", "columns", "rows"] as const;
export type Numbering = (typeof NUMBERINGS)[number];

export type RoomShown = Schemas["RoomShown"];

export type Layout = Schemas["Layout"];

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
