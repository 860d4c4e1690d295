import { createRouter, createWebHistory } from "vue-router";

import { me, recall } from "./people/me";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/login", name: "login", component: () => import("./people/Login.vue") },
    { path: "/", name: "sessions", component: () => import("./sessions/Sessions.vue") },
    {
      path: "/sessions/:session",
      component: () => import("./sessions/SessionFrame.vue"),
      props: true,
      children: [
        { path: "floor", name: "floor", component: () => import("./live/Floor.vue"), props: true },
        { path: "machines", name: "machines", component: () => import("./live/Machines.vue"), props: true },
      ],
    },
    { path: "/:rest(.*)*", name: "nothing", component: () => import("./parts/NotFound.vue") },
  ],
});

router.beforeEach(async (to) => {
  if (to.name === "login" || me.value !== null) return true;
  try {
    if ((await recall()) !== null) return true;
  } catch {
    // The server is away: the login page says so when it is used.
  }
  return { name: "login", query: to.fullPath === "/" ? {} : { to: to.fullPath } };
});
