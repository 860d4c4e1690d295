import "element-plus/dist/index.css";

import { createTexts } from "@shared/language";
import { createApp } from "vue";

import App from "./App.vue";
import { router } from "./router";
import { en } from "./texts/en";
import { zhCN } from "./texts/zh-CN";

createApp(App).use(router).use(createTexts({ "zh-CN": zhCN, en })).mount("#app");
