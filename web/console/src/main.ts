import "element-plus/dist/index.css";
import "./theme.css";

import { createTexts } from "@shared/language";
import { createApp } from "vue";

import { whenSignedOut } from "./api/http";
import App from "./App.vue";
import { forget } from "./people/me";
import { router } from "./router";
import { en } from "./texts/en";
import { zhCN } from "./texts/zh-CN";

whenSignedOut(() => {
  forget();
  const here = router.currentRoute.value;
  if (here.name !== "login") void router.push({ name: "login", query: { to: here.fullPath, ended: "1" } });
});

createApp(App).use(router).use(createTexts({ "zh-CN": zhCN, en })).mount("#app");
