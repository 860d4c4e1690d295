/** Lines of a timeline in words: which are main points, and what their facts say. */
import { score } from "@shared/format";
import type { TimelineLine } from "@shared/protocol";

import { useWords } from "./words";

/** Types that fill a timeline without telling a story; shown only when everything is asked for. */
const ROUTINE: ReadonlySet<string> = new Set([
  "answer.saved", "item.marked", "order.heard", "snapshot.taken", "snapshot.received", "snapshot.requested", "message.acknowledged", "review.seen",
]);

export const isMain = (line: TimelineLine): boolean => !ROUTINE.has(line.type);

export type LineTone = "quiet" | "calm" | "warn" | "bad";

export function toneOfLine(line: TimelineLine): LineTone {
  if (line.type === "flag.raised") return line.facts.severity === "severe" || line.facts.severity === "major" ? "bad" : "warn";
  if (line.type.startsWith("void.")) return "bad";
  if (line.type === "message.sent" || line.type === "flag.closed") return "calm";
  if (/^(page\.left|clipboard|camera|link|clock|snapshot\.missed|room\.)/.test(line.type)) return "warn";
  return line.author === "server" ? "calm" : "quiet";
}

const SPANS: Record<string, string> = { away_ms: "away", offline_ms: "offline", by_ms: "moved" };

/** What a line's words are made of. */
export type Told = Pick<TimelineLine, "type" | "facts">;

/** How a line reads; codes in the screen's language, spans and scores as people say them. */
export function useLines(titleOf: (code: string) => string) {
  const { t, te, word, spanOf } = useWords();

  function facts(line: Told): Record<string, string | number> {
    const said: Record<string, string | number> = { offline: "" };
    for (const [name, value] of Object.entries(line.facts)) {
      if (name in SPANS && typeof value === "number") {
        said[SPANS[name] ?? name] = value < 0 ? `−${spanOf(-value)}` : spanOf(value);
        said.minutes = Math.round(value / 60_000);
      } else if (name === "score" && typeof value === "number") said.points = score(value);
      else if (name === "order") said.order = te(`entry.${value}`) ? t(`entry.${value}`, { minutes: "" }) : String(value);
      else if (name === "code") said.code = titleOf(String(value));
      else if (name === "step") said.step = te(`session_state.${value}`) ? t(`session_state.${value}`) : word("entry.value", String(value));
      else if (typeof value === "string") said[name] = word("entry.value", value);
      else if (typeof value === "number") said[name] = value;
    }
    if (typeof said.offline === "string" && said.offline !== "") said.offline = ` ${said.offline}`;
    return said;
  }

  function text(line: Told): string {
    const special =
      line.type === "message.sent" && line.facts.warning === true ? "message.warned"
      : line.type === "hand.raised" && line.facts.raised === false ? "hand.lowered"
      : line.type;
    return te(`entry.${special}`) ? t(`entry.${special}`, facts(line)) : line.type;
  }

  return { text };
}
