/** Newer versions of the program, without a server. */
import type { Backend, UpdatesView } from "./index";

export interface FakeUpdates extends Partial<UpdatesView> {
  /** What looking finds. */
  offers?: UpdatesView["found"];
  /** What goes wrong when the newer version is fetched. */
  fails?: { code: string; message: string; remedy: string };
}

type Part = Pick<Backend, "showUpdates" | "changeUpdates" | "lookForUpdate" | "installUpdate">;

export function fakeUpdates({ offers = null, fails, ...given }: FakeUpdates = {}): Part {
  let now: UpdatesView = {
    chosen: { address: "", key: "", schedule: "byHand" },
    namedBy: null,
    forbidden: null,
    installed: "appImage",
    running: "0.1.0",
    looked: null,
    found: null,
    inPlace: null,
    ...given,
  };
  return {
    showUpdates: async () => now,
    changeUpdates: async (chosen) => {
      if (chosen.address.startsWith("http:")) throw { code: "forbidden", message: "Updates are fetched over `https` and without a user only", remedy: "Use an address that begins with `https://`" };
      const own = chosen.address === "" ? (now.namedBy === "user" ? null : now.namedBy) : "user";
      return (now = { ...now, chosen, namedBy: own });
    },
    lookForUpdate: async () => (now = { ...now, looked: "2026-11-28T12:00:00Z", found: offers }),
    installUpdate: async () => {
      if (fails) throw fails;
      return (now = { ...now, inPlace: now.found?.version ?? null });
    },
  };
}
