/** Read something when a screen opens, and again when asked: the value, or why there is none. */
import { onMounted, type Ref, ref, shallowRef } from "vue";

export interface Load<Value> {
  value: Ref<Value | null>;
  failure: Ref<unknown>;
  load: () => Promise<void>;
}

export function useLoad<Value>(read: () => Promise<Value>): Load<Value> {
  const value = shallowRef<Value | null>(null);
  const failure = ref<unknown>(null);
  async function load(): Promise<void> {
    try {
      value.value = await read();
      failure.value = null;
    } catch (error) {
      failure.value = error;
    }
  }
  onMounted(load);
  return { value, failure, load };
}
