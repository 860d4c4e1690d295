/** Which sign stands for which state or trouble, beside its colour and its word. */
import type { Sign } from "../parts/Icon.vue";
import type { AttemptState, Severity, Tone, Trouble } from "./seats";

export const STATE_SIGN: Record<AttemptState, Sign> = {
  expected: "empty",
  checked_in: "door",
  waiting: "clock",
  running: "pen",
  away: "exit",
  suspended: "lock",
  handed_in: "check",
  collected: "inbox",
  refused: "ban",
  absent: "cross",
  voided: "gavel",
};

export const TROUBLE_SIGN: Record<Trouble, Sign> = {
  silent: "unlinked",
  camera: "no_camera",
  hand: "hand",
  late_answers: "clock",
  pictures_missed: "wall",
  void_proposed: "gavel",
};

export const SEVERITY_TONE: Record<Severity, Tone> = { info: "quiet", minor: "calm", major: "warn", severe: "bad" };

/** The tone of a severity as the API says it. */
export const toneOfSeverity = (severity: string): Tone => SEVERITY_TONE[severity as Severity] ?? "quiet";
