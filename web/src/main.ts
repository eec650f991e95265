import "./app.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { followAppearance } from "./settings/appearance.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no element with the id app");
followAppearance();
mount(App, { target });
