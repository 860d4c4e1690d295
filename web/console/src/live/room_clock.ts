/** The room's time, counted monotonically from what the server's messages said; the screen's own clock is never asked. */
export class RoomClock {
  #ahead: number | null = null;

  /** A message said `roomTime` and was heard at `monotonic` (both in milliseconds). `fresh`: the first of a connection. */
  hear(roomTime: number, monotonic: number, fresh: boolean): void {
    const ahead = roomTime - monotonic;
    // A message is only ever late, so the largest difference is the truest; a new connection may be a new server.
    this.#ahead = fresh || this.#ahead === null ? ahead : Math.max(this.#ahead, ahead);
  }

  /** The room's time at a monotonic instant; null before the first message. */
  at(monotonic: number): number | null {
    return this.#ahead === null ? null : this.#ahead + monotonic;
  }
}
