import "@shared/items/look.css";
import "./style.css";

import { createTexts } from "@shared/language";
import { createApp } from "vue";

import App from "./App.vue";
import { en } from "./texts/en";
import { zhCN } from "./texts/zh-CN";

createApp(App).use(createTexts({ "zh-CN": zhCN, en })).mount("#app");
