/** Everything that a button of the window does can be done from the palette, or it is said here why not. */
import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { parse } from "svelte/compiler";
import { afterEach, expect, test, vi } from "vitest";
import { ACTIONS } from "../actions";
import { SETTINGS } from "../settings";
import { windowSources } from "./catalogue";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

/** Buttons of a command that is no press of them, by the command's id. */
const OF_COMMANDS: Readonly<Record<string, string>> = {
  "open-another": "open",
  "open-button": "open",
  "publications-button": "publications",
  "home-all": "publications",
  "accounts-button": "accounts",
  "attention-show": "accounts",
  "published-accounts": "accounts",
  "settings-accounts": "accounts",
  "audit-button": "audit",
  "palette-button": "palette",
  "menu-button": "menu",
  "cancel-elsewhere": "cancel",
  "offline-retry": "read-again",
  "commits-button": "history",
  "${name}-button": "choose-ref",
  "${name}-files": "files",
  // Whatever is put in there: the panes of a file, and the tabs.
  "view-${pane}": "view-source",
  "${id}-tab": "browse",
};

/** Components whose buttons answer what they ask; a dialog has the keys to itself. */
const DIALOGS = ["AccessDialog", "HandOverDialog", "LinkDialog", "PullDialog", "ShortcutSheet", "SignInDialog", "VaultDialog"];

const ROW = "one of many rows, and is about that row";
const CLOSES = "closes what is in front, as Escape or the command that opened it does";
const FIELDS = "takes what is typed or chosen in the fields beside it";
const FILTER = "chooses which rows of a list are seen";
const TROUBLE = "is beside what went wrong, and about that";
const TOUR = "goes through the steps of the tour";
const QUESTION = "answers a question of a dialog";

/** Buttons that are no commands, and why. */
const NO_COMMANDS: Readonly<Record<string, string>> = {
  "newer-later": CLOSES,
  "attention-later": CLOSES,
  "publications-close": CLOSES,
  "accounts-close": CLOSES,
  "audit-close": CLOSES,
  "settings-close": CLOSES,
  "republish-close": CLOSES,
  "past-close": CLOSES,
  "taking-back-close": CLOSES,
  "put-away-not": QUESTION,
  "put-away-go": QUESTION,
  "reset-not": QUESTION,
  "reset-go": QUESTION,
  "sign-out-confirm": QUESTION,
  "account-remedy": ROW,
  "account-check": ROW,
  "account-publish": ROW,
  "blame-part": ROW,
  commit: ROW,
  "conflict-show": ROW,
  "conflict-take": ROW,
  "title-open": ROW,
  "title-link": ROW,
  "title-use": ROW,
  "title-own": ROW,
  "title-unlink": ROW,
  "diff-button": ROW,
  "home-keep-up": ROW,
  "home-pin": ROW,
  "home-plan": ROW,
  "left-plan": ROW,
  "page-link": ROW,
  "past-take-back": ROW,
  "${name}-item": ROW,
  "${name}-typed": FIELDS,
  repository: ROW,
  visited: ROW,
  "shortcut-keys": ROW,
  "shortcut-none": ROW,
  "shortcut-usual": ROW,
  "shortcut-take": ROW,
  "certificate-forget": ROW,
  "audit-more": FILTER,
  "plan-part": FILTER,
  "published-broken": FILTER,
  "published-chip": FILTER,
  "report-chip": FILTER,
  "${name}-${kind}": FILTER,
  "diagram-server-save": FIELDS,
  "tools-more": "shows tools that are commands each",
  "picture-${name}": "chooses how two pictures are compared that are in front",
  "choice-add": FIELDS,
  "choice-more": FILTER,
  "certificate-choose": FIELDS,
  "certificate-keep": FIELDS,
  "network-save": FIELDS,
  "update-save": FIELDS,
  "unlock-go": FIELDS,
  "settings-code-again": FIELDS,
  "update-page": "tells more about the version that was found, beside it",
  "vault-again": TROUBLE,
  "home-again": TROUBLE,
  "trouble-sign-in": TROUBLE,
  "trouble-accounts": TROUBLE,
  "trouble-retry": TROUBLE,
  "tour-next": TOUR,
  "tour-connect": TOUR,
  "tour-skip": TOUR,
  "tour-end": TOUR,
};

interface Node {
  type: string;
  [field: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

/** The `data-testid` of every button in a component, as it is written; a part that is put in as `${…}`. */
function buttonsOf(source: string): string[] {
  const found: string[] = [];
  const walk = (node: Node): void => {
    if (node.type === "RegularElement" && node["name"] === "button") {
      const attributes = (node["attributes"] as Node[]).filter((one) => one["name"] === "data-testid");
      for (const { value } of attributes) {
        const parts = (Array.isArray(value) ? value : [value]) as Node[];
        const texts = parts.flatMap((part) => {
          if (part.type === "Text") return [String(part["data"])];
          const { start, end } = part["expression"] as { start: number; end: number };
          const text = source.slice(start, end);
          const [, ifTrue, ifFalse] = /\? "([^"]*)" : "([^"]*)"$/.exec(text) ?? [];
          if (ifTrue !== undefined && ifFalse !== undefined) return [ifTrue, ifFalse];
          return [text.startsWith("`") ? text.slice(1, -1) : `\${${text}}`];
        });
        // What is chosen by a condition is two names, and everything else one.
        if (parts.length === 1) found.push(...texts);
        else found.push(texts.join(""));
      }
    }
    for (const value of Object.values(node)) for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child);
  };
  walk(parse(source, { modern: true }).fragment as unknown as Node);
  return found;
}

const components = Object.entries(windowSources).filter(([path]) => path.endsWith(".svelte"));
const nameOf = (path: string) => path.replace(/^.*\//, "").replace(".svelte", "");

/** The ids of all commands, as the settings list them for shortcuts. */
async function commandsThere(): Promise<string[]> {
  const { user } = show();
  await screen.findByTestId("open-path");
  await user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("settings");
  return (await screen.findAllByTestId("shortcut")).map((row) => row.dataset["command"] ?? "");
}

test("every button is a command, or it is said why it is none", async () => {
  const commands = await commandsThere();
  const controls = [...ACTIONS.flatMap((action) => action.controls), ...SETTINGS.map(({ control }) => control)];
  const buttons = components.filter(([path]) => !DIALOGS.includes(nameOf(path))).flatMap(([path, source]) => buttonsOf(source).map((id) => [nameOf(path), id] as const));
  expect(buttons.length).toBeGreaterThan(90);
  const isCommand = (id: string) => controls.includes(id) || OF_COMMANDS[id] !== undefined;
  expect(buttons.filter(([, id]) => !isCommand(id) && NO_COMMANDS[id] === undefined).map(([where, id]) => `${where}: ${id}`)).toEqual([]);
  // Nothing stands in the lists that is not there, or twice.
  const ids = buttons.map(([, id]) => id);
  expect(Object.keys({ ...NO_COMMANDS, ...OF_COMMANDS }).filter((id) => !ids.includes(id))).toEqual([]);
  expect(Object.keys(NO_COMMANDS).filter(isCommand)).toEqual([]);
  expect(ACTIONS.flatMap((action) => action.controls).filter((control) => !components.some(([, source]) => source.includes(control) || (control.startsWith("view-") && source.includes("view-${pane}")) || (control.startsWith("ref-") && source.includes("${name}-button"))))).toEqual([]);
  // The commands are there by these names, each once.
  expect([...ACTIONS.map(({ id }) => id), ...Object.values(OF_COMMANDS), "browse", "publish"].filter((id) => !commands.includes(id))).toEqual([]);
  expect(commands.filter((id, at) => commands.indexOf(id) !== at)).toEqual([]);
  for (const dialog of DIALOGS) {
    const [, source] = components.find(([path]) => nameOf(path) === dialog) ?? expect.fail(`${dialog} is no component`);
    expect(source, dialog).toMatch(/<Dialog\b|role="dialog"/);
  }
});

const titles = () => screen.getAllByTestId("palette-row").map((row) => row.querySelector(".title")?.textContent);
type User = ReturnType<typeof show>["user"];
async function run(user: User, words: string, title: string): Promise<void> {
  await user.keyboard(`{Control>}k{/Control}${words}`);
  await waitFor(() => expect(titles()).toContain(title));
  await user.click(screen.getAllByTestId("palette-row")[titles().indexOf(title)] as HTMLElement);
}

test("what needs a screen opens it first", async () => {
  const chooseFolder = vi.fn(async () => null);
  const { user } = show({ accounts: ["ok", "ok"], opened: true }, (backend) => (backend.chooseFolder = chooseFolder));
  await screen.findByTestId("tree");
  await run(user, "connect", "Connect a site…");
  await user.click(within(await screen.findByRole("dialog")).getByText("Cancel"));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  // Of several accounts somebody chooses.
  await run(user, "sign out", "Sign out…");
  await waitFor(() => expect(document.activeElement?.getAttribute("data-testid")).toBe("account-sign-out"));
  expect(screen.queryByTestId("sign-out-confirm")).toBeNull();
  await run(user, "choose folder", "Choose a folder…");
  await waitFor(() => expect(chooseFolder).toHaveBeenCalledOnce());
  expect(screen.queryByTestId("tree")).toBeNull();
  await expectAccessible();
});

test("all that is behind is planned from anywhere, once it is known what that is", async () => {
  const { user, backend } = show({ opened: true, published: {} });
  await backend.startSandbox();
  await screen.findByTestId("tree");
  const compare = backend.comparePublished;
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  let asked = 0;
  backend.comparePublished = async (...args) => {
    asked += 1;
    if (asked > 1) await held;
    return compare(...args);
  };
  await run(user, "behind", "Plan all that is behind");
  await waitFor(() => expect(asked).toBeGreaterThan(1));
  expect(screen.queryByTestId("republish-close")).toBeNull();
  answer();
  await screen.findByTestId("republish-close");
});

test("whoever goes on with something else is not taken away by what came too late", async () => {
  const { user, backend } = show({ opened: true, published: {} });
  await backend.startSandbox();
  await screen.findByTestId("tree");
  const list = backend.listPublished;
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await run(user, "last publishes", "The last publishes…");
  await screen.findByTestId("past-close");
  await user.click(screen.getByTestId("past-close"));
  backend.listPublished = async (...args) => {
    await held;
    return list(...args);
  };
  await user.click(screen.getByTestId("publications-close"));
  await run(user, "behind", "Plan all that is behind");
  await user.keyboard("{Shift}");
  answer();
  await waitFor(() => expect(screen.getByTestId("plan-behind")).toBeTruthy());
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  expect(screen.queryByTestId("republish-close")).toBeNull();
});

test("what a file's bar does is there as long as it has it", async () => {
  const { user } = show({ opened: true });
  await screen.findByTestId("source");
  await run(user, "find in this", "Find in this file");
  await screen.findByRole("search");
  await run(user, "hide page", "Show or hide the page in Confluence");
  await waitFor(() => expect(screen.queryByTestId("preview")).toBeNull());
  await user.click(screen.getByTestId("publish-tab"));
  await user.keyboard("{Control>}k{/Control}find in this");
  await screen.findByTestId("palette");
  expect(screen.queryAllByTestId("palette-row").map((row) => row.textContent)).not.toContain("Find in this file");
});

test("folders, repositories and publications of before are found, and what the hosts list", async () => {
  const openVisit = vi.fn();
  const { user, backend } = show({ git: { signedIn: true }, published: {} }, (backend) => {
    const { startState, openVisit: open } = backend;
    backend.startState = async () => ({ ...(await startState()), recent: [{ path: "/home/you/notes", name: "notes" }] });
    backend.openVisit = async (address, reference) => (openVisit(address), open(address, reference));
  });
  await screen.findByTestId("git-hosts");
  await user.keyboard("{Control>}k{/Control}notes");
  await screen.findByText("/home/you/notes", { selector: ".place" });
  await user.keyboard("{Escape}");
  const listed = (await backend.listRepositories((await backend.listHosts())[0]?.account ?? "", "")).items.at(-1) ?? expect.fail("none is listed");
  await run(user, listed.name, listed.name);
  await waitFor(() => expect(openVisit).toHaveBeenCalledWith(listed.address));
  const [publication] = (await backend.startState()).publications;
  const title = `Plan ${publication?.name} to ${publication?.space} again`;
  await run(user, "plan again", title);
  await waitFor(() => expect(screen.getByTestId("publish-tab").getAttribute("aria-selected")).toBe("true"));
});
