import { ref, type Ref } from "vue";

/** A picture that is looked at enlarged. */
export interface Zoomed {
  src: string;
  alt: string;
}

/** Which picture is enlarged, and what a click or a key on something does about it; pictures in buttons belong to them. */
export function useZoom(): { zoomed: Ref<Zoomed | null>; look: (event: Event) => void; enlarge: (picture: HTMLImageElement) => void } {
  const zoomed = ref<Zoomed | null>(null);
  const enlarge = ({ src, alt }: HTMLImageElement): void => {
    zoomed.value = { src, alt };
  };
  const look = (event: Event): void => {
    if (!(event.target instanceof HTMLImageElement) || event.target.closest("button, dialog") !== null) return;
    // The key that opens the dialog must not press its button.
    event.preventDefault();
    enlarge(event.target);
  };
  return { zoomed, look, enlarge };
}
