import { mount } from "svelte";
import App from "./App.svelte";
import { fitting, languages, speak } from "./words.svelte";
import type { Backend } from "./backend";
// With the page itself: asked for afterwards it would come a way to the disk later.
import { begun, tauri } from "./backend/tauri";
import "./styles/tokens.css";
import "./styles/base.css";

async function backend(): Promise<Backend> {
  if ("__TAURI_INTERNALS__" in window) {
    await begun();
    return tauri;
  }
  return (await import("./backend/fake")).fake();
}

speak(fitting(navigator.languages));
/** While the UI is developed, `?language=pseudo` shows it with accents, `?language=pseudo-rtl` from right
 * to left too. */
const wanted = import.meta.env.DEV ? new URLSearchParams(location.search).get("language") : null;

const target = document.getElementById("app");
if (target) mount(App, { target, props: { backend: await backend(), language: languages.find((one) => one === wanted) ?? null } });
