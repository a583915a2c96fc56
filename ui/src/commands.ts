/**
 * Everything that can be done from the keyboard, in one list: the palette, the menu, the shortcuts and
 * their sheet are made of it.
 */

export type CommandGroup = "go" | "repository" | "publish" | "screen" | "look" | "program" | "help";

export interface Command {
  id: string;
  title: string;
  group: CommandGroup;
  /** The shortcut that it comes with; empty for none. */
  usual: string;
  /** Other words that it is looked for by. */
  also?: string;
  isEnabled?: () => boolean;
  /** Whether it is what is in force, of several of which one is. */
  isChosen?: () => boolean;
  run: () => void;
}

/** The shortcuts that somebody chose, by the ids of commands; empty for none. */
export type Rebound = Readonly<Record<string, string>>;

export function shortcutOfCommand(command: Command, rebound: Rebound): string {
  return rebound[command.id] ?? command.usual;
}

export function isEnabled(command: Command): boolean {
  return command.isEnabled?.() ?? true;
}

/** A control of what is in front, as long as it answers. */
function shownControl(control: string): HTMLElement | undefined {
  const found = document.querySelectorAll<HTMLElement>(`main [data-testid="${control}"]`);
  return [...found].find((one) => one.closest("[hidden]") === null && !one.matches(":disabled"));
}

/** What a control of a screen does, by its `data-testid`, for as long as that screen is in front and shows it. */
export function commandOfScreen(id: string, control: string, title: string, also = ""): Command {
  return { id, title, also, group: "screen", usual: "", isEnabled: () => shownControl(control) !== undefined, run: () => shownControl(control)?.click() };
}

/** The command that a shortcut runs. */
export function commandOf(commands: readonly Command[], rebound: Rebound, shortcut: string): Command | undefined {
  return commands.find((command) => shortcutOfCommand(command, rebound) === shortcut);
}

/** The groups in the order of their first commands. */
export function grouped(commands: readonly Command[]): [CommandGroup, Command[]][] {
  const groups = new Map<CommandGroup, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups];
}
