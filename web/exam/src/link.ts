import type { FromPage, ToPage } from "@shared/protocol";

/** Waits between two attempts to reach the station, in milliseconds; the last one repeats. */
export const RETRY_MS = [250, 500, 1000, 2000] as const;

/** Where the station serves the pictures of the paper, by their names. */
export const PICTURES = "/pictures/";

/** What the link tells: it opened, it heard a message, it was lost and tries again. */
export interface Ears {
  opened(): void;
  heard(message: ToPage): void;
  lost(): void;
}

/** The socket to this seat's own station. */
export interface Link {
  /** Send now; false when the socket is not open: nothing is queued here. */
  send(message: FromPage): boolean;
  /** Close for good. */
  close(): void;
}

/** The station's socket beside the page's own address. */
export function stationAddress(location: Location): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/page`;
}

/** Open a link that comes back by itself until closed. */
export function openLink(address: string, ears: Ears): Link {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;

  const open = (): void => {
    const mine = new WebSocket(address);
    socket = mine;
    mine.onopen = () => {
      failures = 0;
      ears.opened();
    };
    mine.onmessage = (event: MessageEvent<string>) => ears.heard(JSON.parse(event.data) as ToPage);
    mine.onclose = () => {
      if (closed || socket !== mine) return;
      socket = null;
      ears.lost();
      timer = setTimeout(open, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
    };
  };
  open();

  return {
    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
