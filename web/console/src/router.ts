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
        { path: "", name: "session", component: () => import("./sessions/Session.vue"), props: true },
        { path: "floor", name: "floor", component: () => import("./live/Floor.vue"), props: true },
        { path: "check-in", name: "check-in", component: () => import("./attempts/CheckIn.vue"), props: true },
        { path: "machines", name: "machines", component: () => import("./live/Machines.vue"), props: true },
        { path: "record", name: "record", component: () => import("./records/RecordForm.vue"), props: true },
        { path: "results", name: "results", component: () => import("./results/Results.vue"), props: true },
        { path: "statistics", name: "statistics", component: () => import("./statistics/SessionStatistics.vue"), props: true },
        { path: "corrections", name: "corrections", component: () => import("./corrections/Corrections.vue"), props: true },
      ],
    },
    { path: "/reviews", name: "reviews", component: () => import("./reviews/Reviews.vue") },
    {
      path: "/reviews/:session/:attempt",
      name: "review",
      component: () => import("./reviews/Review.vue"),
      props: true,
    },
    { path: "/scoring", name: "scoring", component: () => import("./scoring/Scoring.vue") },
    { path: "/scoring/:session", name: "scoring-session", component: () => import("./scoring/ScoreAnswers.vue"), props: true },
    { path: "/office/people", name: "people", component: () => import("./office/People.vue") },
    { path: "/office/rooms", name: "rooms", component: () => import("./office/Rooms.vue") },
    { path: "/office/stations", name: "stations", component: () => import("./office/Stations.vue") },
    { path: "/office/candidates", name: "candidates", component: () => import("./office/Candidates.vue") },
    { path: "/office/bank", redirect: { name: "bank" } },
    { path: "/bank", name: "bank", component: () => import("./bank/Banks.vue") },
    { path: "/packages", name: "packages", component: () => import("./bank/Packages.vue") },
    {
      path: "/bank/:bank",
      component: () => import("./bank/BankFrame.vue"),
      props: true,
      children: [
        { path: "", name: "bank-items", component: () => import("./bank/Items.vue"), props: true },
        { path: "new", name: "bank-item-new", component: () => import("./bank/ItemEditor.vue"), props: true },
        { path: "edit/:code", name: "bank-item-edit", component: () => import("./bank/ItemEditor.vue"), props: true },
        { path: "outline", name: "bank-outline", component: () => import("./bank/Outline.vue"), props: true },
        { path: "blueprints", name: "bank-blueprints", component: () => import("./bank/Blueprints.vue"), props: true },
        { path: "statistics", name: "bank-statistics", component: () => import("./statistics/BankStatistics.vue"), props: true },
        { path: "statistics/:session", name: "bank-session-statistics", component: () => import("./statistics/SessionStatistics.vue"), props: true },
        { path: "corrections/:session", name: "bank-corrections", component: () => import("./corrections/Corrections.vue"), props: true },
        { path: "trial", name: "bank-trial", component: () => import("./bank/Trial.vue"), props: true },
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
