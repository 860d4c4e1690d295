/** The room's clock over HTTP. */
import type { components } from "@shared/api";

import { ask, command } from "./http";

export type ClockShown = components["schemas"]["ClockShown"];

export const clock = () => ask<ClockShown>("/api/clock");
export const decideClock = (take: "seats" | "server", reason: string) => command("/api/clock", { take, reason });
