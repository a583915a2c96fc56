import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import type userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { inOneStyle } from "../backend/fakeRows";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

test("a folder is opened by its path and its first document is shown", async () => {
  const { user } = show();
  await user.type(await screen.findByTestId("open-path"), "~/handbook");
  await expectAccessible();
  await user.click(screen.getByTestId("open-button"));
  await screen.findByTestId("tree");
  await waitFor(() => expect(screen.getByTestId("source").textContent).toContain("# Handbook"));
  const frame = screen.getByTestId("preview");
  expect(frame.getAttribute("sandbox")).toBe("allow-same-origin");
  expect(frame.getAttribute("srcdoc")).toContain("How we work.");
  // It may be in any language.
  expect(frame.getAttribute("srcdoc")).toContain('<html lang="und">');
  await expectAccessible();
});

test("a folder that is not there is said so, with what to do", async () => {
  const { user } = show();
  await user.type(await screen.findByTestId("open-path"), "/nowhere");
  await user.click(screen.getByTestId("open-button"));
  const notice = await screen.findByTestId("error");
  expect(notice.textContent).toContain("does not exist");
  expect(notice.textContent).toContain("Check the path");
});

test("a missing keystore is a state with words and a remedy", async () => {
  show({ keystore: false });
  expect((await screen.findByRole("alert")).textContent).toContain("Install gnome-keyring");
});

test("the tree is used by keyboard alone", async () => {
  const { user } = show({ opened: true });
  const tree = await screen.findByTestId("tree");
  tree.focus();
  await user.keyboard("{Home}{ArrowRight}");
  await waitFor(() => expect(within(tree).queryByText("start.md")).not.toBeNull());
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{Enter}");
  await waitFor(() => expect(screen.getByTestId("source").textContent).toContain("# Start"));
  await user.keyboard("{ArrowLeft}{ArrowLeft}");
  await waitFor(() => expect(within(tree).queryByText("start.md")).toBeNull());
});

test("tabs are chosen by arrow keys, and are one stop on the way through the window", async () => {
  const { user } = show({ opened: true });
  const browse = await screen.findByTestId("browse-tab");
  const publish = screen.getByTestId("publish-tab");
  const chosen = (): (string | null)[] => [browse, publish].map((tab) => tab.getAttribute("aria-selected"));
  browse.focus();
  await user.keyboard("{ArrowRight}");
  expect(chosen()).toEqual(["false", "true"]);
  expect(document.activeElement).toBe(publish);
  expect(screen.getByRole("tabpanel", { name: "Publish" })).toBeTruthy();
  expect([browse.tabIndex, publish.tabIndex]).toEqual([-1, 0]);
  // Round the end, and to both ends.
  await user.keyboard("{ArrowRight}");
  expect(chosen()).toEqual(["true", "false"]);
  await user.keyboard("{End}");
  expect(chosen()).toEqual(["false", "true"]);
  await user.keyboard("{Home}{ArrowLeft}");
  expect(chosen()).toEqual(["false", "true"]);
  await user.keyboard("{Shift>}{Tab}{/Shift}");
  expect(document.activeElement?.getAttribute("role")).not.toBe("tab");
  await user.click(screen.getByTestId("accounts-button"));
  expect(chosen()).toEqual(["false", "false"]);
  expect([browse.tabIndex, publish.tabIndex]).toEqual([0, -1]);
});

test("the line between two panes goes to its ends by Home and End", async () => {
  const { user } = show({ opened: true });
  const line = await screen.findByRole("separator", { name: "Width of the file list" });
  const said = (name: string): number => Number(line.getAttribute(name));
  line.focus();
  await user.keyboard("{Home}");
  expect(said("aria-valuenow")).toBe(said("aria-valuemin"));
  await user.keyboard("{End}");
  expect(said("aria-valuenow")).toBe(said("aria-valuemax"));
  await user.keyboard("{ArrowLeft}");
  expect(said("aria-valuenow")).toBe(said("aria-valuemax") - 20);
});

test("ten thousand files make only the rows that are seen", async () => {
  const { user } = show({ opened: true, files: 10_000 });
  const tree = await screen.findByTestId("tree");
  await user.type(screen.getByTestId("filter"), "file-");
  await waitFor(() => expect(within(tree).getAllByTestId("tree-item").length).toBeGreaterThan(0));
  expect(within(tree).getAllByTestId("tree-item").length).toBeLessThan(120);
});

async function toPlan(user: ReturnType<typeof userEvent.setup>): Promise<void> {
  await user.click(await screen.findByTestId("publish-tab"));
  await user.click(await screen.findByTestId("start-sandbox"));
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>("space-select").value).toBe("DOCS"));
  await user.click(screen.getByTestId("plan-button"));
}

test("plan, difference, publish, report", async () => {
  const { user } = show({ opened: true });
  await toPlan(user);
  const steps = await screen.findAllByTestId("plan-step");
  expect(steps.map((step) => step.dataset["kind"])).toEqual(["update", "create", "refuse"]);
  const first = steps[0];
  if (!first) throw new Error("the plan has a first step");
  await user.click(within(first).getByTestId("diff-button"));
  await waitFor(() => expect(screen.getByTestId("step-diff").textContent).toContain("How we work."));
  // Several may be open: each is called after its page.
  expect(screen.getByRole("group", { name: `Changes of ${first.dataset["title"]}` })).toBe(screen.getByTestId("step-diff"));
  expect(screen.getByTestId("step-diff").querySelector("mark")?.textContent).toBe("ed");
  await expectAccessible();
  await user.click(screen.getByTestId("publish-button"));
  const rows = await screen.findAllByTestId("report-row");
  expect(rows.map((row) => row.dataset["outcome"])).toEqual(["updated", "created"]);
  await expectAccessible();
});

test("a plan says what is a blog post, who may read and edit, and what is in another format", async () => {
  const { user } = show({ opened: true });
  await toPlan(user);
  const [handbook, start, old] = await screen.findAllByTestId("plan-step");
  if (!handbook || !start || !old) throw new Error("the plan has three steps");
  within(handbook).getByText("restricted");
  within(handbook).getByText("ADF");
  expect(within(handbook).queryByText("blog post")).toBeNull();
  expect(within(handbook).getByTestId("step-who").textContent).toBe("Read by ada, group writers, whoever publishes · Edited by everybody in the space");
  within(start).getByText("blog post");
  within(start).getByText("for everybody");
  expect(within(start).queryByText("ADF")).toBeNull();
  expect(within(start).getByTestId("step-who").textContent).toBe("Edited by everybody in the space");
  expect(within(old).queryByText("restricted") ?? within(old).queryByTestId("step-who")).toBeNull();
});

test("a problem in the plan leads to its line in the source", async () => {
  const { user } = show({ opened: true });
  await toPlan(user);
  await user.click(await screen.findByText(/leads nowhere/, { selector: "[data-testid=plan-step] button, [data-testid=plan-step] button *" }));
  await waitFor(() => expect(screen.getByTestId("browse-tab").getAttribute("aria-selected")).toBe("true"));
});

test("a plan that fails says why", async () => {
  const { user } = show({ opened: true, failPlan: { message: "`wiki` could not be reached", remedy: "Check the network" } });
  await toPlan(user);
  const trouble = await screen.findByTestId("error");
  expect(trouble.textContent).toContain("Check the network");
  // Names stand out as such, and no sign of the core's is left.
  expect(trouble.querySelector("code")?.textContent).toBe("wiki");
  expect(trouble.textContent).not.toContain("`");
});

test("cancel is asked of the core", async () => {
  const cancel = vi.fn(async () => undefined);
  let finish = (): void => undefined;
  const { user } = show({ opened: true }, (backend) => {
    const apply = backend.applyPlan;
    backend.cancel = cancel;
    backend.applyPlan = async (...given) => {
      given[2]({ phase: "publishing", done: 1, total: 2, current: "Handbook" });
      await new Promise<void>((resolve) => (finish = resolve));
      return apply(...given);
    };
  });
  await toPlan(user);
  await user.click(await screen.findByTestId("publish-button"));
  expect((await screen.findByTestId("progress")).textContent).toContain("1 of 2");
  await user.click(screen.getByTestId("cancel-button"));
  expect(cancel).toHaveBeenCalledWith("publish");
  finish();
  await screen.findAllByTestId("report-row");
});

test("a publish from elsewhere is shown and can be cancelled, its end too", async () => {
  const cancel = vi.fn(async () => undefined);
  let publishing = true;
  const calls = new Map<string, () => void>();
  const { user } = show({ opened: true }, (backend) => {
    const state = backend.startState;
    backend.startState = async () => ({ ...(await state()), publishing });
    backend.cancel = cancel;
    backend.onChange = async (event, call) => {
      calls.set(event, call);
      return () => undefined;
    };
  });
  const said = await screen.findByTestId("publishing-elsewhere");
  expect(said.getAttribute("role")).toBe("status");
  await expectAccessible();
  await user.click(screen.getByTestId("cancel-elsewhere"));
  expect(cancel).toHaveBeenCalledWith("publish");
  publishing = false;
  calls.get("publication-changed")?.();
  await waitFor(() => expect(screen.queryByTestId("publishing-elsewhere")).toBeNull());
  publishing = true;
  calls.get("publication-changed")?.();
  // A new one can be cancelled again.
  expect((await screen.findByTestId<HTMLButtonElement>("cancel-elsewhere")).disabled).toBe(false);
});

test("a page that nobody sees says where it is, and the next begins there", async () => {
  const calls = new Map<string, () => void>();
  const rest = vi.fn(async () => undefined);
  const listens = (backend: Parameters<NonNullable<Parameters<typeof show>[1]>>[0]): void => {
    backend.rest = rest;
    backend.onChange = async (event, call) => {
      calls.set(event, call);
      return () => undefined;
    };
  };
  show({ opened: true, scene: { over: null, tab: "browse", file: "guide/start.md", chosen: "", publish: null } }, listens);
  await waitFor(() => expect(screen.getByTestId("source").textContent).toContain("# Start"));
  calls.get("rest-wanted")?.();
  await waitFor(() => expect(rest).toHaveBeenLastCalledWith(expect.objectContaining({ over: null, tab: "browse", file: "guide/start.md", chosen: "" })));
  cleanup();
  show({ opened: true, scene: { over: "accounts", tab: "publish", file: null, chosen: "", publish: null } }, listens);
  await screen.findByTestId("accounts");
  calls.get("rest-wanted")?.();
  await waitFor(() => expect(rest).toHaveBeenLastCalledWith(expect.objectContaining({ over: "accounts", tab: "publish" })));
});

test("a page stays while its plan is made or carried out, and while something is typed", async () => {
  const calls = new Map<string, () => void>();
  const rest = vi.fn(async () => undefined);
  let go = (): void => undefined;
  const { user } = show({ opened: true }, (backend) => {
    backend.rest = rest;
    backend.onChange = async (event, call) => {
      calls.set(event, call);
      return () => undefined;
    };
    const { planPublish } = backend;
    backend.planPublish = async (...given) => {
      await new Promise<void>((done) => (go = done));
      return planPublish(...given);
    };
  });
  await toPlan(user);
  await screen.findByTestId("progress");
  calls.get("rest-wanted")?.();
  expect(rest).not.toHaveBeenCalled();
  go();
  await screen.findAllByTestId("plan-step");
  const filter = screen.getByTestId<HTMLInputElement>("filter");
  await fireEvent.input(filter, { target: { value: "gui" } });
  calls.get("rest-wanted")?.();
  expect(rest).not.toHaveBeenCalled();
  await fireEvent.input(filter, { target: { value: "" } });
  // It is asked again for as long as the window is hidden.
  calls.get("rest-wanted")?.();
  await waitFor(() => expect(rest).toHaveBeenCalledTimes(1));
});

test("a publish that the screen shows is not shown twice", async () => {
  let publishing = false;
  const calls = new Map<string, () => void>();
  let finish = (): void => undefined;
  const { user } = show({ opened: true }, (backend) => {
    const state = backend.startState;
    backend.startState = async () => ({ ...(await state()), publishing });
    backend.onChange = async (event, call) => {
      calls.set(event, call);
      return () => undefined;
    };
    const apply = backend.applyPlan;
    backend.applyPlan = async (...given) => {
      publishing = true;
      calls.get("publication-changed")?.();
      await new Promise<void>((resolve) => (finish = resolve));
      return apply(...given);
    };
  });
  await toPlan(user);
  await user.click(await screen.findByTestId("publish-button"));
  await screen.findByTestId("progress");
  expect(screen.queryByTestId("publishing-elsewhere")).toBeNull();
  // Its folder is left, and with it the screen that shows it, once that was asked about.
  await user.keyboard("{Control>}o{/Control}");
  await user.click(await screen.findByTestId("put-away-go"));
  await screen.findByTestId("cancel-elsewhere");
  finish();
});

test("nothing is published by keys that is not in front", async () => {
  const apply = vi.fn();
  const { user } = show({ opened: true }, (backend) => {
    const real = backend.applyPlan;
    backend.applyPlan = (...given) => {
      apply();
      return real(...given);
    };
  });
  await toPlan(user);
  await screen.findAllByTestId("plan-step");
  const press = (repeat = false) => fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true, repeat });
  await user.keyboard("{Control>}3{/Control}");
  await screen.findByTestId("audit");
  await press();
  await waitFor(() => expect(screen.queryByTestId("audit")).toBeNull());
  await user.keyboard("?");
  await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  await press();
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Keyboard shortcuts" })).toBeNull());
  await user.click(screen.getByTestId("connect-button"));
  await screen.findByTestId("sign-in-host");
  await press();
  await user.click(screen.getByText("Cancel"));
  await waitFor(() => expect(screen.queryByTestId("sign-in-host")).toBeNull());
  await press(true);
  expect(apply).not.toHaveBeenCalled();
  await press();
  expect(apply).toHaveBeenCalledTimes(1);
  await screen.findAllByTestId("report-row");
});

test("the sheet of shortcuts takes the focus and gives it back", async () => {
  const { user } = show({ opened: true });
  const tree = await screen.findByTestId("tree");
  tree.focus();
  await user.keyboard("?");
  expect(document.activeElement?.textContent).toBe("Close");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(document.activeElement).toBe(tree));
});

test("F6 goes round the panes that are seen, and no others", async () => {
  const { user } = show({ opened: true });
  await toPlan(user);
  await screen.findAllByTestId("plan-step");
  const hidden: Element[] = [];
  for (let press = 0; press < 6; press += 1) {
    await user.keyboard("{F6}");
    const pane = document.activeElement;
    if (pane?.closest("[hidden]")) hidden.push(pane);
  }
  expect(hidden).toEqual([]);
  expect(document.activeElement).toBe(screen.getByTestId("plan-button"));
});

test("the token leaves the page with the request, also when it is refused", async () => {
  const seen: string[] = [];
  const { user } = show({ opened: true }, (backend) => {
    const connect = backend.connectSite;
    backend.connectSite = (site) => {
      seen.push(site.token);
      return connect(site);
    };
  });
  await user.click(await screen.findByTestId("publish-tab"));
  await user.click(await screen.findByTestId("connect-button"));
  await user.type(await screen.findByTestId("sign-in-host"), "https://acme.atlassian.net/wiki");
  await user.tab();
  await user.type(await screen.findByTestId("sign-in-user"), "ada@acme.com");
  await user.type(screen.getByTestId("sign-in-token"), "wrong");
  await user.click(screen.getByTestId("sign-in-go"));
  expect((await screen.findByTestId("error")).textContent).toContain("does not accept the token");
  expect(screen.getByTestId<HTMLInputElement>("sign-in-token").value).toBe("");
  await user.type(screen.getByTestId("sign-in-token"), "right");
  await user.click(screen.getByTestId("sign-in-go"));
  await waitFor(() => expect(screen.queryByTestId("sign-in-token")).toBeNull());
  expect(seen).toEqual(["wrong", "right"]);
  expect(document.documentElement.outerHTML).not.toContain("right\"");
  expect(Object.keys(localStorage)).toEqual([]);
});

test("the end of a token goes along when a site is connected", async () => {
  const seen: (string | null)[] = [];
  const { user } = show({ opened: true }, (backend) => {
    const connect = backend.connectSite;
    backend.connectSite = (site) => {
      seen.push(site.ends);
      return connect(site);
    };
  });
  await user.click(await screen.findByTestId("publish-tab"));
  for (const [site, ends] of [
    ["acme", ""],
    ["other", "2027-01-31"],
  ]) {
    await user.click(await screen.findByTestId("connect-button"));
    await user.type(await screen.findByTestId("sign-in-host"), `https://${site}.atlassian.net/wiki`);
    await user.tab();
    await user.type(await screen.findByTestId("sign-in-user"), "ada@acme.com");
    await user.type(screen.getByTestId("sign-in-token"), "right");
    if (ends) await user.type(screen.getByTestId("sign-in-ends"), ends);
    await user.click(screen.getByTestId("sign-in-go"));
    await waitFor(() => expect(screen.queryByTestId("sign-in-token")).toBeNull());
  }
  expect(seen).toEqual([null, "2027-01-31"]);
});

test("the theme is remembered and shown", async () => {
  const setTheme = vi.fn(async () => undefined);
  const { user } = show({}, (backend) => {
    backend.setTheme = setTheme;
  });
  await user.selectOptions(await screen.findByTestId("theme-select"), "dark");
  expect(setTheme).toHaveBeenCalledWith("dark");
  await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
});

test("a theme that was chosen stays when an answer from before comes late", async () => {
  const answers: (() => void)[] = [];
  let changed = (): void => undefined;
  const { user } = show({}, (backend) => {
    const real = backend.startState;
    let times = 0;
    backend.startState = async () => {
      const state = await real();
      // The first one shows the window.
      if (times++ > 0) await new Promise<void>((answer) => answers.push(answer));
      return state;
    };
    const heard = backend.onChange;
    backend.onChange = async (event, call) => {
      if (event === "publication-changed") changed = () => call();
      return heard(event, call);
    };
  });
  const select = await screen.findByTestId<HTMLSelectElement>("theme-select");
  changed();
  await waitFor(() => expect(answers.length).toBe(1));
  await user.selectOptions(select, "dark");
  answers[0]?.();
  await new Promise((later) => setTimeout(later));
  expect(select.value).toBe("dark");
  expect(document.documentElement.dataset["theme"]).toBe("dark");
});

test("what could not be read says why, and is tried again or signed in for where it stands", async () => {
  const offline = { code: "offline", message: "`acme.atlassian.net` could not be reached", remedy: "Look whether this machine has a network" };
  const signedOut = { code: "signedOut", message: "nobody is signed in to `acme.atlassian.net`", remedy: null };
  const answers: object[] = [signedOut, offline];
  let isRead = false;
  const { user } = show({ opened: true, running: true }, (backend) => {
    const { listAccounts, listAudit, planPublish } = backend;
    backend.listAccounts = async () => {
      if (!isRead) throw offline;
      return listAccounts();
    };
    backend.listAudit = async (filter, most) => {
      if (!isRead) throw offline;
      return listAudit(filter, most);
    };
    backend.planPublish = async (request, progress) => {
      const wrong = answers.pop();
      if (wrong) throw wrong;
      return planPublish(request, progress);
    };
  });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>}4{/Control}");
  const accounts = within(await screen.findByTestId("accounts"));
  const retry = await accounts.findByTestId("trouble-retry");
  expect(accounts.queryByText("Reading…")).toBeNull();
  isRead = true;
  await user.click(retry);
  await accounts.findByTestId("accounts-empty");
  isRead = false;
  await user.keyboard("{Control>}3{/Control}");
  const audit = within(await screen.findByTestId("audit"));
  expect((await audit.findByTestId("error")).textContent).toContain("could not be reached");
  expect(audit.queryByText("Reading…")).toBeNull();
  await expectAccessible();
  isRead = true;
  await user.click(audit.getByTestId("trouble-retry"));
  await waitFor(() => expect(audit.getAllByTestId("audit-row")).toHaveLength(3));
  expect(audit.queryByTestId("error")).toBeNull();

  await user.click(screen.getByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(screen.getByTestId("error").dataset["code"]).toBe("offline"));
  await user.click(screen.getByTestId("trouble-retry"));
  await waitFor(() => expect(screen.getByTestId("error").dataset["code"]).toBe("signedOut"));
  expect(screen.getByTestId("trouble-accounts").textContent).toBe("Sign in…");
  await user.click(screen.getByTestId("trouble-retry"));
  await screen.findAllByTestId("plan-step");
  expect(screen.queryByTestId("error")).toBeNull();
});

test("the head marks the screen that is in front as it marks the tabs", async () => {
  const { user } = show({ opened: true });
  await screen.findByTestId("tree");
  const marked = () => [...document.querySelectorAll<HTMLElement>("header button")].filter((one) => getComputedStyle(one).fontWeight === "600").map((one) => one.dataset["testid"]);
  expect(marked()).toEqual(["browse-tab"]);
  for (const name of ["publications", "accounts", "audit"]) {
    await user.click(screen.getByTestId(`${name}-button`));
    await screen.findByTestId(`${name}-close`);
    expect(screen.getByTestId(`${name}-button`).getAttribute("aria-current")).toBe("page");
    expect(document.querySelectorAll("header [aria-current]")).toHaveLength(1);
    expect(marked()).toContain(`${name}-button`);
  }
});

test("colors that come too late are not shown in another theme", async () => {
  const waiting: (() => void)[] = [];
  const { user } = show({ opened: true }, (backend) => {
    const real = backend.showFile;
    backend.showFile = async (id, path, theme, first, count) => {
      const view = await real(id, path, theme, first, count);
      await new Promise<void>((resolve) => waiting.push(resolve));
      const rows = view.rows.map(({ text, styles }) => inOneStyle(`${theme.isDark ? "dark" : "light"} ${text}`, styles[0]));
      return { ...view, rows };
    };
  });
  await waitFor(() => expect(waiting).toHaveLength(1));
  await user.selectOptions(screen.getByTestId("theme-select"), "dark");
  await waitFor(() => expect(waiting).toHaveLength(2));
  // The later is answered first.
  waiting[1]?.();
  await waitFor(() => expect(screen.getByTestId("source").textContent).toContain("dark # Handbook"));
  waiting[0]?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect(screen.getByTestId("source").textContent).toContain("dark # Handbook");
});

test("the audit log is read, filtered, verified and exported", async () => {
  const untils: (string | null)[] = [];
  const { user } = show({}, (backend) => {
    const { listAudit } = backend;
    backend.listAudit = (filter, most) => {
      untils.push(filter.until);
      return listAudit(filter, most);
    };
  });
  await user.click(await screen.findByTestId("audit-button"));
  await waitFor(() => expect(screen.getAllByTestId("audit-row")).toHaveLength(3));
  await expectAccessible();
  await user.type(screen.getByTestId("audit-action"), "token");
  await waitFor(() => expect(screen.getAllByTestId("audit-row")).toHaveLength(1));
  await user.click(screen.getByText("Clear"));
  await waitFor(() => expect(screen.getAllByTestId("audit-row")).toHaveLength(3));
  await user.selectOptions(screen.getByTestId("audit-outcome"), "failure");
  await waitFor(() => expect(screen.getByTestId("audit-count").textContent).toBe("1 of 1 record"));
  await user.click(screen.getByLabelText("Details of record 3"));
  expect(screen.getByTestId("audit").textContent).toContain("The site could not be reached");
  expect(screen.getByTestId("audit").textContent).toContain("3 → 4");
  await user.selectOptions(screen.getByTestId("audit-outcome"), "");
  await user.click(screen.getByText("Show all of it"));
  await waitFor(() => expect(screen.getAllByTestId("audit-row")).toHaveLength(2));
  await user.type(screen.getByTestId("audit-until"), "1h");
  await waitFor(() => expect(untils.at(-1)).toBe("1h"));
  await user.click(screen.getByTestId("audit-verify"));
  const verdict = await screen.findByTestId("audit-verdict");
  expect(verdict.dataset["intact"]).toBe("true");
  await user.click(screen.getByTestId("audit-export"));
  expect((await screen.findByTestId("audit-exported")).textContent).toContain("audit.csv");
  await expectAccessible();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("audit")).toBeNull());
});

test("a dialog gives the focus back to where it came from", async () => {
  const { user } = show({ opened: true });
  await screen.findByTestId("tree");
  await user.click(screen.getByTestId("accounts-button"));
  await screen.findByTestId("policy");
  const signIn = screen.getByTestId("sign-in-button");
  await user.click(signIn);
  const dialog = (await screen.findByTestId("sign-in-provider")).closest("dialog");
  await user.click(within(dialog ?? document.body).getByText("Cancel"));
  await waitFor(() => expect(document.activeElement).toBe(signIn));
});

test("what goes on is said where a screen reader listens, the phase alone and no page by page", async () => {
  const { user } = show({ opened: true, running: true });
  await user.click(await screen.findByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  const section = screen.getByTestId("plan-button").closest(".publish")?.querySelector("section");
  const region = section?.querySelector<HTMLElement>(":scope > [role=status]");
  expect(region?.textContent).toBe("");
  const said: string[] = [];
  const observer = new MutationObserver(() => region && said.push(region.textContent));
  if (region) observer.observe(region, { childList: true, characterData: true, subtree: true });
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  observer.disconnect();
  // It was there before it had anything to say, or nothing would have been read.
  expect(section?.contains(region ?? null)).toBe(true);
  expect(said.some((words) => words !== "")).toBe(true);
  expect(said.join()).not.toContain("README.md");
});

test("names and paths keep their own direction, wherever the window is read from", async () => {
  const { user } = show({ opened: true, running: true });
  const tree = await screen.findByTestId("tree");
  for (const row of within(tree).getAllByTestId("tree-item")) expect(row.querySelector("bdi")?.textContent).toBe(row.querySelector(".name")?.textContent);
  expect(screen.getByTestId("open-another").querySelector("bdi")?.textContent).toBe("handbook");
  expect(document.querySelector(".file .path bdi")?.textContent).toBe("README.md");
  await user.click(screen.getByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await user.click(screen.getByTestId("plan-button"));
  const steps = await screen.findAllByTestId("plan-step");
  for (const step of steps) expect(step.querySelector(".path bdi")?.textContent).toBe(step.querySelector(".path")?.textContent);
});

test("of ten thousand records those that are seen are drawn, and the columns stay as they are", async () => {
  const { user } = show({ opened: true }, (backend) => {
    const { listAudit } = backend;
    backend.listAudit = async (filter, most) => {
      const few = await listAudit(filter, most);
      const entries = Array.from({ length: 10_000 }, (_, number) => ({ ...few.entries[number % few.entries.length]!, number: String(10_000 - number) }));
      return { ...few, total: entries.length, entries: entries.slice(0, most) };
    };
  });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>}3{/Control}");
  for (const shown of ["200", "1,000", "5,000", "10,000"]) {
    await waitFor(() => expect(screen.getByTestId("audit-count").textContent).toBe(`${shown} of 10,000 records`));
    expect(screen.getAllByTestId("audit-row").length).toBeLessThanOrEqual(100);
    if (shown !== "10,000") await user.click(screen.getByTestId("audit-more"));
  }
  expect(screen.queryByTestId("audit-more")).toBeNull();
  expect(screen.getByTestId("audit").querySelector("table")?.getAttribute("aria-rowcount")).toBe("10001");
  await expectAccessible();
});

test("records that cannot be read say so where they would be, and are read again", async () => {
  let isReached = false;
  const { user } = show({ opened: true }, (backend) => {
    const { listAudit } = backend;
    backend.listAudit = async (...given) => {
      if (isReached) return listAudit(...given);
      throw { code: "offline", message: "`acme.atlassian.net` could not be reached", remedy: "Look whether this machine has a network" };
    };
  });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>}3{/Control}");
  const trouble = await within(await screen.findByRole("region", { name: "Records" })).findByTestId("error");
  expect(trouble.textContent).toContain("Look whether this machine has a network");
  expect(trouble.querySelector("code")?.textContent).toBe("acme.atlassian.net");
  expect(screen.queryByTestId("audit-row")).toBeNull();
  await expectAccessible();
  isReached = true;
  await user.click(screen.getByTestId("trouble-retry"));
  await waitFor(() => expect(screen.getAllByTestId("audit-row")).toHaveLength(3));
});

test("where the log is sent on to is said, with how much waits, and nothing where nobody set that", async () => {
  const { user } = show({ opened: true, forwarding: { to: "tls://syslog.acme.com:6514", waiting: 3 } });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>}3{/Control}");
  expect((await screen.findByTestId("audit-forwarding")).textContent).toBe("Forwarded to tls://syslog.acme.com:6514; 3 records wait");
  await expectAccessible();
  cleanup();
  const { user: another } = show({ opened: true });
  await screen.findByTestId("tree");
  await another.keyboard("{Control>}3{/Control}");
  await screen.findByTestId("audit-count");
  expect(screen.queryByTestId("audit-forwarding")).toBeNull();
});

test("a log that was changed is said so, and an empty one says what fills it", async () => {
  const { user } = show({ opened: true, tampered: true, records: false });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>}3{/Control}");
  await screen.findByText(/Nothing was recorded yet/);
  await user.click(screen.getByTestId("audit-verify"));
  const verdict = await screen.findByTestId("audit-verdict");
  expect(verdict.dataset["intact"]).toBe("false");
  expect(verdict.textContent).toContain("The first bad record is 2");
  await expectAccessible();
});

test("a folder that cannot be read says so where its files would be, and is read again", async () => {
  let broken = true;
  const { user } = show({ opened: true }, (backend) => {
    const usual = backend.listFiles;
    backend.listFiles = async () => {
      if (broken) throw { code: "storage", message: "`docs` cannot be read", remedy: "Check the permissions" };
      return usual();
    };
  });
  await user.click(await screen.findByTestId("trouble-retry"));
  await screen.findByText(/cannot be read/);
  expect(screen.queryByText("Reading the folder…")).toBeNull();
  await expectAccessible();
  broken = false;
  await user.click(screen.getByTestId("trouble-retry"));
  await screen.findByTestId("tree");
  expect(screen.queryByTestId("trouble-retry")).toBeNull();
});

test("a folder without files asks nobody to choose one", async () => {
  show({ opened: true }, (backend) => {
    backend.listFiles = async () => [];
  });
  await screen.findByText("This folder has no files.");
  expect(screen.queryByText("Choose a file on the left.")).toBeNull();
});
