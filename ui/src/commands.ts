/**
 * Everything that can be done from the keyboard, in one list: the palette, the menu, the shortcuts and
 * their sheet are made of it.
 */

export type CommandGroup = "go" | "repository" | "publish" | "accounts" | "screen" | "look" | "program" | "help";

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
