/** Which lines of a long list are in sight of the scroller around it, so that only those are in the document. */
import { computed, type ComputedRef, onBeforeUnmount, onMounted, type Ref, ref } from "vue";

export interface Window {
  /** The first line in the document, how many follow, and the heights of what is left out above and below. */
  first: ComputedRef<number>;
  count: ComputedRef<number>;
  above: ComputedRef<number>;
  below: ComputedRef<number>;
  /** Width of the scroller in CSS pixels. */
  width: Ref<number>;
}

/** Lines kept above and below what is in sight, so that fast scrolling shows no gap. */
const SPARE_PX = 300;

export function useWindow(box: Ref<HTMLElement | undefined>, lines: () => number, linePx: () => number): Window {
  const top = ref(0);
  const height = ref(800);
  const width = ref(0);
  let scroller: HTMLElement | null = null;
  let sizes: ResizeObserver | null = null;

  const follow = (): void => {
    top.value = scroller?.scrollTop ?? 0;
  };
  const measure = (): void => {
    height.value = scroller?.clientHeight ?? 800;
    width.value = scroller?.clientWidth ?? 0;
  };
  onMounted(() => {
    scroller = box.value?.closest<HTMLElement>("[data-scroller]") ?? null;
    if (scroller === null) return;
    scroller.addEventListener("scroll", follow, { passive: true });
    sizes = new ResizeObserver(measure);
    sizes.observe(scroller);
    measure();
    follow();
  });
  onBeforeUnmount(() => {
    scroller?.removeEventListener("scroll", follow);
    sizes?.disconnect();
  });

  const first = computed(() => Math.max(0, Math.min(lines() - 1, Math.floor((top.value - SPARE_PX) / linePx()))));
  const count = computed(() => Math.max(0, Math.min(lines() - first.value, Math.ceil((height.value + 2 * SPARE_PX) / linePx()) + 1)));
  const above = computed(() => first.value * linePx());
  const below = computed(() => Math.max(0, lines() - first.value - count.value) * linePx());
  return { first, count, above, below, width };
}
