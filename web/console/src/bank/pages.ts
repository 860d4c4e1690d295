/** A long list that lies on the server, of which only the pages in sight are fetched; each once at a time. */
import { ref, type Ref, shallowReactive } from "vue";

/** Rows of one page; the server gives at most 200. */
export const PAGE = 100;

export class Pages<Row> {
  readonly total: Ref<number> = ref(0);
  /** False until a first page was read. */
  readonly read: Ref<boolean> = ref(false);
  private readonly pages = shallowReactive(new Map<number, readonly Row[]>());
  /** Pages read since the list was last forgotten; others are shown until these replace them. */
  private fresh = new Set<number>();
  private coming = new Map<number, Promise<void>>();

  constructor(private readonly fetch: (offset: number) => Promise<{ total: number; rows: readonly Row[] }>) {}

  /** The row at this place, when its page is here. */
  at(index: number): Row | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Fetch what is missing from the first to the last of these rows; throws why it could not. */
  async want(first: number, last: number): Promise<void> {
    const wanted: Promise<void>[] = [];
    for (let page = Math.floor(Math.max(0, first) / PAGE); page <= Math.floor(Math.max(first, last) / PAGE); page++) {
      if (!this.fresh.has(page)) wanted.push(this.coming.get(page) ?? this.bring(page));
    }
    await Promise.all(wanted);
  }

  /** Everything may have changed: what is here is shown until the new is. Answers on their way no longer count. */
  forget(): void {
    this.fresh = new Set();
    this.coming = new Map();
  }

  private bring(page: number): Promise<void> {
    const { fresh, coming } = this;
    const bringing = this.fetch(page * PAGE)
      .then(({ total, rows }) => {
        if (fresh !== this.fresh) return;
        if (fresh.size === 0) this.pages.clear();
        fresh.add(page);
        this.pages.set(page, rows);
        this.total.value = total;
        this.read.value = true;
      })
      .finally(() => coming.delete(page));
    coming.set(page, bringing);
    return bringing;
  }
}
