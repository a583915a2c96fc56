/**
 * The bar of menus at the top of the screen, on systems that have one. It is told the same commands as the
 * menu in the window is made of; which menu there has what is the program's part: `src-tauri/menu.rs`.
 */
import type { Backend, MenuGroupView } from "./backend";
import { grouped, isEnabled, shortcutOfCommand, type Command, type Rebound } from "./commands";
import { t } from "./words.svelte";

/** The commands in their groups. What other screens can do would be a long list of what cannot be done here. */
export function barOf(commands: readonly Command[], rebound: Rebound): MenuGroupView[] {
  const shown = commands.filter((command) => command.group !== "screen" || isEnabled(command));
  return grouped(shown).map(([group, ones]) => ({
    id: group,
    title: t(`group-${group}`),
    commands: ones.map((command) => ({
      id: command.id,
      title: command.title,
      shortcut: shortcutOfCommand(command, rebound),
      isEnabled: isEnabled(command),
      isChosen: command.isChosen?.() ?? null,
    })),
  }));
}

/** For so long changes are gathered before the bar is told: it is made anew as a whole. */
const GATHERED_FOR = 200;

/** Tells the bar whenever what can be done changes, and carries out what is chosen there. */
export function followBar(backend: Pick<Backend, "tellMenu" | "takeCommand" | "onChange">, commands: () => readonly Command[], rebound: () => Rebound): { tell: () => void; stop: () => void } {
  let told = "";
  let waiting: ReturnType<typeof setTimeout> | null = null;
  const say = (): void => {
    waiting = null;
    const groups = barOf(commands(), rebound());
    const now = JSON.stringify(groups);
    if (now === told) return;
    told = now;
    // The bar stays as it was, and is told again with the next change.
    backend.tellMenu(groups).catch(() => (told = ""));
  };
  const tell = (): void => {
    waiting ??= setTimeout(say, GATHERED_FOR);
  };
  const carryOut = async (): Promise<void> => {
    const id = await backend.takeCommand().catch(() => null);
    // As for the keys: a dialog in front waits for its own answer.
    if (id === null || document.querySelector("dialog[open]")) return;
    const command = commands().find((one) => one.id === id);
    if (command && isEnabled(command)) command.run();
  };
  let isOver = false;
  let stopListening = (): void => undefined;
  void backend.onChange("command-wanted", () => void carryOut()).then((stop) => {
    if (isOver) stop();
    else stopListening = stop;
  });
  // What a screen can do is known by its controls, which come and go.
  const watch = new MutationObserver(tell);
  watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled", "hidden"] });
  tell();
  // Chosen while there was no page, which has what is open by the end of this turn.
  setTimeout(() => void carryOut());
  return {
    tell,
    stop: () => {
      isOver = true;
      stopListening();
      watch.disconnect();
      if (waiting !== null) clearTimeout(waiting);
    },
  };
}
