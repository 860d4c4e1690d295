/** One session's floor on this screen: the held rows, the room's time by one shared ticker, and how live they are. */
import type { ToConsole } from "@shared/protocol";
import { computed, type ComputedRef, inject, type InjectionKey, onScopeDispose, provide, readonly, type Ref, ref, shallowRef } from "vue";

import { Announcements } from "./alarms";
import { badge } from "./badge";
import { apply, type Floor } from "./floor";
import { floorAddress, type LinkState, openLink } from "./link";
import { RoomClock } from "./room_clock";
import { ring } from "./sound";

/** Ages and countdowns step this often; rows change whenever the server says so. */
const TICK_MS = 1_000;

export interface LiveFloor {
  readonly session: string;
  readonly floor: Readonly<Ref<Floor | null>>;
  /** The room's time in UTC milliseconds, stepping once a second; 0 before the first message. */
  readonly now: Readonly<Ref<number>>;
  readonly link: Readonly<Ref<LinkState>>;
  /** The room's time of the last message. */
  readonly heardAt: Readonly<Ref<number>>;
  readonly severe: ComputedRef<number>;
  /** The newest severe alarm that came while this screen was open, for the ears of a screen reader. */
  readonly announced: Readonly<Ref<string | null>>;
}

const KEY: InjectionKey<LiveFloor> = Symbol("live floor");

function keepFloor(session: string, watches: boolean): LiveFloor {
  const floor = shallowRef<Floor | null>(null);
  const now = ref(0);
  const heardAt = ref(0);
  const link = ref<LinkState>("opening");
  const announced = ref<string | null>(null);
  const clock = new RoomClock();
  const announcements = new Announcements();
  const severe = computed(
    () => [...(floor.value?.alarms.values() ?? [])].filter((alarm) => alarm.open && alarm.severity === "severe").length,
  );

  const tick = (): void => {
    now.value = clock.at(performance.now()) ?? 0;
  };
  const hear = (message: ToConsole, fresh: boolean): void => {
    clock.hear(message.room_time, performance.now(), fresh);
    heardAt.value = message.room_time;
    if (now.value === 0 || fresh) tick();
    floor.value = apply(floor.value, message);
    if (message.alarms.length === 0 && !fresh) return;
    badge.value = severe.value;
    const news = announcements.news(floor.value?.alarms.values() ?? []);
    const last = news.at(-1);
    if (last !== undefined) {
      announced.value = last.code;
      ring();
    }
  };

  const state = (said: LinkState): void => {
    link.value = said;
  };
  const close = watches ? openLink(floorAddress(session), { hear, state }) : () => undefined;
  const ticker = setInterval(tick, TICK_MS);
  onScopeDispose(() => {
    close();
    clearInterval(ticker);
    badge.value = 0;
  });
  return { session, floor, now: readonly(now), link: readonly(link), heardAt: readonly(heardAt), severe, announced: readonly(announced) };
}

/** Open the floor for a screen and everything below it; who may not watch it gets one that stays empty. */
export function provideFloor(session: string, watches: boolean): LiveFloor {
  const live = keepFloor(session, watches);
  provide(KEY, live);
  return live;
}

export function useFloor(): LiveFloor {
  const live = inject(KEY);
  if (live === undefined) throw new Error("no floor is open above this component");
  return live;
}
