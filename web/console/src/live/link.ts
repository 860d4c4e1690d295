/** The socket of one floor: opens, hears, and opens again with a longer wait each time; its state is always visible. */
import type { ToConsole } from "@shared/protocol";

export type LinkState = "opening" | "open" | "lost" | "refused";

export const RETRY_MS_MIN = 500;
export const RETRY_MS_MAX = 5_000;
/** A socket that brought nothing for this long may be dead without the browser knowing: it is opened anew to be sure. */
export const SILENCE_MS_MAX = 15_000;

interface Ears {
  hear(message: ToConsole, fresh: boolean): void;
  state(state: LinkState): void;
}

// The server knows this person and says no (1008, or one of its own 44xx): asking again would not help.
const saysNo = (code: number): boolean => code === 1008 || (code >= 4400 && code < 4500);

/** Keep a floor's socket open until closed; the returned function closes it for good. */
export function openLink(address: string, ears: Ears): () => void {
  let socket: WebSocket | null = null;
  let wait = RETRY_MS_MIN;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function drop(): void {
    clearTimeout(silence);
    const last = socket;
    socket = null;
    last?.close();
  }

  function renew(): void {
    drop();
    open();
  }

  function lost(code: number): void {
    clearTimeout(silence);
    socket = null;
    if (saysNo(code)) return ears.state("refused");
    ears.state("lost");
    retry = setTimeout(open, wait);
    wait = Math.min(RETRY_MS_MAX, wait * 2);
  }

  function open(): void {
    const opened = new WebSocket(address);
    let fresh = true;
    socket = opened;
    silence = setTimeout(renew, SILENCE_MS_MAX);
    opened.onmessage = (event: MessageEvent<string>) => {
      if (socket !== opened) return;
      clearTimeout(silence);
      silence = setTimeout(renew, SILENCE_MS_MAX);
      wait = RETRY_MS_MIN;
      ears.hear(JSON.parse(event.data) as ToConsole, fresh);
      if (fresh) ears.state("open");
      fresh = false;
    };
    opened.onclose = (event) => {
      if (socket === opened) lost(event.code);
    };
  }

  ears.state("opening");
  open();
  return () => {
    clearTimeout(retry);
    drop();
  };
}

/** The address of a session's floor, on the host this page came from. */
export function floorAddress(session: string): string {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}/api/live/${encodeURIComponent(session)}`;
}
