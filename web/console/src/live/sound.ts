/** The sound of a new severe alarm: two short tones, made here, no file. Off or on is kept by this browser. */
import { ref, watch } from "vue";

const KEPT_AS = "kaochang.sound";

export const soundOn = ref(localStorage.getItem(KEPT_AS) !== "off");
watch(soundOn, (on) => localStorage.setItem(KEPT_AS, on ? "on" : "off"));

let audio: AudioContext | null = null;

export function ring(): void {
  if (!soundOn.value || typeof AudioContext === "undefined") return;
  audio ??= new AudioContext();
  // A browser that has not been touched yet keeps the sound suspended; then title and queue must do.
  void audio.resume();
  const start = audio.currentTime;
  for (const [index, pitch] of [880, 660].entries()) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    const at = start + index * 0.22;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.21);
  }
}
