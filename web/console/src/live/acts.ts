/** What a proctor can do with one seat: when each verb is offered, and what it asks for. The server decides. */
import type { FloorRow } from "@shared/protocol";

import { isSitting } from "./seats";

export type Preset = "seen" | "spoken" | "fault" | "network" | "leave" | "power" | "moved";
/** What alarms are most often dismissed with. */
export const DISMISSING: readonly Preset[] = ["seen", "spoken", "fault", "network", "leave"];

export type Field = "text" | "minutes" | "seat" | "code" | "severity" | "evidence" | "stream" | "flags" | "statement" | "own" | "second";

export interface Act {
  readonly verb:
    | "message" | "warn" | "flag" | "picture" | "extend" | "suspend" | "unsuspend" | "allow-seat-change" | "revoke-hand-in" | "collect"
    | "admit-late" | "propose-void" | "sign-void" | "withdraw-void";
  readonly grave?: true;
  /** Words, flags and voids are also a quality supervisor's; the rest are orders, a proctor's alone. */
  readonly order?: true;
  readonly fields: readonly Field[];
  readonly reason: "needed" | "optional" | "none";
  /** Reasons often given for it, under `live.ask.presets`. */
  readonly presets?: readonly Preset[];
  /** A sentence under `live.ask` that says what will happen. */
  readonly hint?: string;
  offered(row: FloorRow): boolean;
}

const canVoid = (row: FloorRow): boolean =>
  row.state !== "voided" && row.state !== "expected" && row.void !== "proposed" && row.void !== "signed";

export const ACTS: readonly Act[] = [
  { verb: "message", fields: ["text"], reason: "none", hint: "message_hint", offered: isSitting },
  { verb: "warn", fields: ["text"], reason: "none", hint: "warn_hint", offered: isSitting },
  { verb: "flag", fields: ["code", "severity", "evidence"], reason: "needed", offered: (row) => row.state !== "expected" },
  { verb: "picture", fields: [], reason: "none", offered: isSitting },
  { verb: "extend", order: true, fields: ["minutes"], reason: "needed", presets: ["fault", "network", "power", "moved"], offered: isSitting },
  { verb: "suspend", order: true, fields: [], reason: "needed", hint: "suspend_hint", offered: (row) => isSitting(row) && row.state !== "suspended" },
  { verb: "unsuspend", order: true, fields: [], reason: "optional", offered: (row) => row.state === "suspended" },
  { verb: "allow-seat-change", order: true, fields: ["seat"], reason: "needed", hint: "seat_change_hint", presets: ["fault", "network"], offered: (row) => isSitting(row) || row.state === "checked_in" },
  { verb: "revoke-hand-in", order: true, fields: [], reason: "needed", hint: "revoke_hint", offered: (row) => row.state === "handed_in" },
  { verb: "admit-late", order: true, fields: ["stream"], reason: "needed", offered: (row) => row.late_streams.length > 0 },
  { verb: "collect", order: true, grave: true, fields: [], reason: "needed", hint: "collect_hint", offered: isSitting },
  { verb: "propose-void", grave: true, fields: ["code", "flags", "statement", "own"], reason: "needed", hint: "void_hint", offered: canVoid },
  { verb: "sign-void", grave: true, fields: ["second"], reason: "none", hint: "sign_hint", offered: (row) => row.void === "proposed" },
  { verb: "withdraw-void", fields: [], reason: "needed", offered: (row) => row.void === "proposed" },
];
