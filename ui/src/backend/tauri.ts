/** The backend that is the core, over IPC. */
import { Channel } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { commands, type StartView } from "./bindings";
import type { Backend } from "./index";

declare global {
  interface Window {
    /** What the first screen shows, asked for before any script of the page was read (`window.rs`). */
    __TRIBUTARY_START__?: Promise<StartView>;
  }
}
/** Taken by the first who asks. */
let early = window.__TRIBUTARY_START__;

/** Waits for what the first screen shows, as long as that takes no longer than anybody would notice. */
export async function begun(): Promise<void> {
  const late = new Promise<void>((done) => setTimeout(done, 100));
  // Whoever asks is told what went wrong.
  await Promise.race([early?.catch(() => undefined), late]);
}

function channel<Progress>(progress: (now: Progress) => void): Channel<Progress> {
  const made = new Channel<Progress>();
  made.onmessage = progress;
  return made;
}

export const tauri: Backend = {
  ...commands,
  startState: () => {
    const asked = early ?? commands.startState();
    early = undefined;
    return asked;
  },
  rest: async (scene) => void (await commands.rest(scene)),
  quit: async () => void (await commands.quit()),
  closeWindow: async () => void (await commands.closeWindow()),
  setTheme: async (theme) => void (await commands.setTheme(theme)),
  openLink: async (url) => void (await commands.openLink(url)),
  tellMenu: async (groups) => void (await commands.tellMenu(groups)),
  closeVisit: async () => void (await commands.closeVisit()),
  saveFile: (id, path, progress) => commands.saveFile(id, path, channel(progress)),
  planPublish: (request, progress) => commands.planPublish(request, channel(progress)),
  planPublication: (part, progress) => commands.planPublication(part, channel(progress)),
  applyPlan: (planId, digest, progress) => commands.applyPlan(planId, digest, channel(progress)),
  planTakingBack: (id, progress) => commands.planTakingBack(id, channel(progress)),
  publishAgain: (progress) => commands.publishAgain(channel(progress)),
  pinPublication: async (id, pinned, keptUp) => void (await commands.pinPublication(id, pinned, keptUp)),
  changeSettings: async (settings) => void (await commands.changeSettings(settings)),
  changeLog: async (wanted) => void (await commands.changeLog(wanted)),
  openStored: async (what) => void (await commands.openStored(what)),
  resetSettings: async () => void (await commands.resetSettings()),
  changeCrashReports: async (wanted) => void (await commands.changeCrashReports(wanted)),
  runDoctor: async (address, progress) => void (await commands.runDoctor(address, channel(progress))),
  dismissWanted: async (id) => void (await commands.dismissWanted(id)),
  forgetPast: async () => void (await commands.forgetPast()),
  cancel: async (operation) => void (await commands.cancel(operation)),
  registerApplication: async (application) => void (await commands.registerApplication(application)),
  unregisterApplication: async (provider, host, mode) => void (await commands.unregisterApplication(provider, host, mode)),
  signIn: (request, progress) => commands.signIn(request, channel(progress)),
  openSignInPage: async () => void (await commands.openSignInPage()),
  copySignInCode: async () => void (await commands.copySignInCode()),
  chooseAccount: async (provider, base, name, id) => void (await commands.chooseAccount(provider, base, name, id)),
  onChange: (event, call) => listen(event, call),
};
