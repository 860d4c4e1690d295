/** Keys of a screen: single keys that do nothing while a person types, a dialog is open or a modifier is held. */
import { onBeforeUnmount, onMounted } from "vue";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

const dialogOpen = (): boolean =>
  [...document.querySelectorAll<HTMLElement>(".el-overlay")].some((one) => one.style.display !== "none");

export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  const listen = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (dialogOpen() || (typing(event.target) && event.key !== "Escape")) return;
    // Enter and Space on a button or link are that control's own.
    if ((event.key === "Enter" || event.key === " ") && event.target instanceof Element && event.target.closest("button,a,summary")) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act === undefined) return;
    event.preventDefault();
    act(event);
  };
  onMounted(() => document.addEventListener("keydown", listen));
  onBeforeUnmount(() => document.removeEventListener("keydown", listen));
}
