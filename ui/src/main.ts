import { mount } from "svelte";
import App from "./App.svelte";
import type { Backend } from "./backend";
import "./styles/tokens.css";
import "./styles/base.css";

async function backend(): Promise<Backend> {
  if ("__TAURI_INTERNALS__" in window) return (await import("./backend/tauri")).tauri;
  return (await import("./backend/fake")).fake();
}

const target = document.getElementById("app");
if (target) mount(App, { target, props: { backend: await backend() } });
