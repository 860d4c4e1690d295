/** The number of severe open alarms of the floor on this screen, shown in the window's title. */
import { ref } from "vue";

export const badge = ref(0);
