/** What the screens of one session share beside its floor: the pinned scheme's words and the room's plan. */
import { computed, type ComputedRef, inject, type InjectionKey, provide, readonly, type Ref, ref, shallowRef } from "vue";

import { photoAddress } from "../api/addresses";
import { attempts as readAttempts } from "../api/attempts";
import { staffOf } from "../api/people";
import { planOf, rooms, type RoomShown } from "../api/rooms";
import { schemeOf, type SchemeShown, session as readSession, type SessionShown } from "../api/sessions";
import type { SeatPlan } from "../live/layout";
import { useWords } from "../live/words";
import { me } from "../people/me";

export interface SessionFacts {
  readonly session: Readonly<Ref<SessionShown | null>>;
  readonly scheme: Readonly<Ref<SchemeShown | null>>;
  readonly room: Readonly<Ref<RoomShown | null>>;
  readonly plan: ComputedRef<SeatPlan | null>;
  /** Whether all of it was asked for once: a seat map that waits for this is drawn only once. */
  readonly ready: Readonly<Ref<boolean>>;
  readonly failure: Readonly<Ref<unknown>>;
  /** The address of an attempt's registered photo; null while its candidate is not known. */
  readonly photoOf: (attempt: string, digest: string | null) => string | null;
  /** A flag's or ruling's code in words. */
  readonly titleOf: ComputedRef<(code: string) => string>;
  /** A person's name by id, of those on duty here; another's id stays as it is. */
  readonly nameOf: ComputedRef<(person: string) => string>;
  readonly subjectOf: ComputedRef<(code: string) => string>;
  readonly reread: () => Promise<void>;
}

const KEY: InjectionKey<SessionFacts> = Symbol("session facts");

export function provideFacts(id: string): SessionFacts {
  const { word, titles } = useWords();
  const session = shallowRef<SessionShown | null>(null);
  const scheme = shallowRef<SchemeShown | null>(null);
  const room = shallowRef<RoomShown | null>(null);
  const candidates = shallowRef<ReadonlyMap<string, string>>(new Map());
  const names = shallowRef<ReadonlyMap<string, string>>(new Map());
  const ready = ref(false);
  const failure = ref<unknown>(null);

  async function reread(): Promise<void> {
    try {
      session.value = await readSession(id);
      failure.value = null;
    } catch (error) {
      failure.value = error;
      return;
    }
    // Without its scheme or plan a floor still shows: codes instead of titles, a plain S instead of the room.
    const [policy, known, listed, staff] = await Promise.allSettled([schemeOf(id), rooms(), readAttempts(id), staffOf(id)]);
    scheme.value = policy.status === "fulfilled" ? policy.value : null;
    room.value = known.status === "fulfilled" ? (known.value.find((one) => one.id === session.value?.room) ?? null) : null;
    ready.value = true;
    if (staff.status === "fulfilled") names.value = new Map(staff.value.map((one) => [one.person.id, one.person.display_name]));
    if (listed.status === "fulfilled") candidates.value = new Map(listed.value.map((one) => [one.id, one.candidate]));
  }

  function photoOf(attempt: string, digest: string | null): string | null {
    const candidate = candidates.value.get(attempt);
    return candidate === undefined || digest === null ? null : photoAddress(candidate, digest);
  }

  const titleOf = computed(() => {
    const known = new Map((scheme.value?.ruling_codes ?? []).map((one) => [one.code, titles(one.title)]));
    return (code: string) => known.get(code) ?? word("live.alarm", code);
  });
  const nameOf = computed(() => (person: string) => names.value.get(person) ?? (person === me.value?.id ? me.value.display_name : word("live.by", person)));
  const subjectOf = computed(() => {
    const known = new Map((scheme.value?.subjects ?? []).map((one) => [one.code, titles(one.title)]));
    return (code: string) => known.get(code) ?? code;
  });
  const plan = computed(() => (room.value === null ? null : planOf(room.value)));
  const facts = { session, scheme, room, plan, ready: readonly(ready), failure: readonly(failure), photoOf, titleOf, nameOf, subjectOf, reread };
  provide(KEY, facts);
  void reread();
  return facts;
}

export function useFacts(): SessionFacts {
  const facts = inject(KEY);
  if (facts === undefined) throw new Error("no session is open above this component");
  return facts;
}
