/** The backend that is the core, over IPC. */
import { Channel } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { commands, type ProgressView } from "./bindings";
import type { Backend, OnProgress } from "./index";

function channel(progress: OnProgress): Channel<ProgressView> {
  const made = new Channel<ProgressView>();
  made.onmessage = progress;
  return made;
}

export const tauri: Backend = {
  ...commands,
  setTheme: async (theme) => void (await commands.setTheme(theme)),
  openLink: async (url) => void (await commands.openLink(url)),
  disconnectSite: async (url) => void (await commands.disconnectSite(url)),
  planPublish: (request, progress) => commands.planPublish(request, channel(progress)),
  applyPlan: (planId, digest, progress) => commands.applyPlan(planId, digest, channel(progress)),
  publishAgain: (progress) => commands.publishAgain(channel(progress)),
  cancel: async (operation) => void (await commands.cancel(operation)),
  onChange: (event, call) => listen(event, call),
};
