import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { HealthStateView, NewApplication, NewSignIn, NewSite, NewVault, ReachView, SiteView } from "../backend";
import { fake } from "../backend/fake";
import AccessDialog from "../components/AccessDialog.svelte";
import HandOverDialog from "../components/HandOverDialog.svelte";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

const reach: ReachView[] = [
  { base: "https://gitlab.com", name: "acme/handbook", trouble: null },
  { base: "https://gitlab.com", name: "acme/secret-plans", trouble: "`bob` cannot read `acme/secret-plans`" },
];
const states: (HealthStateView | null)[] = ["ok", "expiring", "needsSignIn", "missingScope", "wrongUser", "locked", "offline", "forbidden", null];

async function open(user: ReturnType<typeof show>["user"]): Promise<void> {
  await user.click(await screen.findByTestId("accounts-button"));
  await screen.findByTestId("policy");
}

/** Something that happens when the test says so. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

/** The account in a state. */
function inState(state: string): HTMLElement {
  const found = screen.getAllByTestId("account").find((row) => row.dataset["state"] === state);
  if (!found) throw new Error(`no account is ${state}`);
  return found;
}

/** What has to be decided before a form can be sent: the choice of what it is for, and every field that
 * must be filled in. What has a usual answer is answered. */
function decisions(): number {
  const groups = new Map<string, boolean>();
  for (const one of document.querySelectorAll<HTMLInputElement>("dialog input[type=radio]")) groups.set(one.name, (groups.get(one.name) ?? false) || one.checked);
  const open = [...groups.values()].filter((isAnswered) => !isAnswered).length;
  return 1 + open + document.querySelectorAll("dialog :is(input, textarea):required").length;
}

test("connecting a site or a host is never more than four decisions, whoever provides it and whichever way", async () => {
  for (const application of [true, false]) {
    const { user } = show({ application });
    await open(user);
    await user.click(screen.getByTestId("sign-in-button"));
    const select = screen.getByTestId<HTMLSelectElement>("sign-in-provider");
    const providers = [...select.options].map((option) => option.value);
    expect(providers.length).toBeGreaterThan(5);
    const found: Record<string, number> = {};
    for (const provider of providers) {
      await user.selectOptions(select, provider);
      for (const way of [...document.querySelectorAll<HTMLInputElement>("dialog input[name=way]")].map(({ value }) => value)) {
        await user.click(screen.getByTestId(`sign-in-way-${way}`));
        // Where an application has to be registered first its fields come after an answer.
        await new Promise((resolve) => setTimeout(resolve));
        found[`${provider} ${way}`] = decisions();
      }
    }
    expect(Object.entries(found).filter(([, count]) => count > 4), JSON.stringify(found)).toEqual([]);
    // Something is decided everywhere, or nothing was counted.
    expect(Math.max(...Object.values(found))).toBeGreaterThan(1);
    cleanup();
  }
});

test("each state has its word, and its remedy as a button", async () => {
  const { user } = show({ accounts: states, policy: true });
  await open(user);
  await expectAccessible();
  const seen = states.map((state) => {
    const row = inState(state ?? "unknown");
    return [within(row).getByTestId("health").textContent?.trim(), within(row).queryByTestId("account-remedy")?.textContent ?? null];
  });
  expect(seen).toEqual([
    ["OK", null],
    ["Expiring", "Sign in again"],
    ["Needs sign-in", "Sign in again"],
    ["Missing scope", "Sign in again"],
    ["Wrong user", "Sign in again"],
    ["Locked", "Check again"],
    ["Offline", "Check again"],
    ["Forbidden", "See the policy"],
    ["Not checked yet", null],
  ]);
  const shapes = states.map((state) => within(inState(state ?? "unknown")).getByTestId("health").querySelector("path")?.getAttribute("d"));
  expect(new Set(shapes).size).toBe(states.length);
  expect(inState("locked").textContent).toContain("Unlock the keystore");
  expect(inState("expiring").textContent).toContain("ends on");
  await user.click(within(inState("forbidden")).getByTestId("account-remedy"));
  expect(document.activeElement).toBe(screen.getByTestId("policy"));
  expect(screen.getByTestId("policy").textContent).toContain("Set by your administrator");
});

test("of ten thousand accounts those that are seen are drawn, and how many there are is known", async () => {
  const { user } = show({ accounts: ["ok", "expiring"] }, (backend) => {
    const { listAccounts } = backend;
    backend.listAccounts = async () => {
      const few = await listAccounts();
      return Array.from({ length: 10_000 }, (_, number) => ({ ...few[number % few.length]!, id: `many-${number}`, user: `user-${number}` }));
    };
  });
  await open(user);
  const rows = await screen.findAllByTestId("account");
  expect(rows.length).toBeLessThan(200);
  const tables = screen.getAllByRole("table");
  expect(tables.map((table) => table.getAttribute("aria-rowcount"))).toEqual(["5001", "5001"]);
  const first = within(tables[0]!).getAllByTestId("account");
  expect(first.map((row) => row.getAttribute("aria-rowindex"))).toEqual(first.map((_, index) => String(index + 2)));
  await expectAccessible();
});

test("what is open of an account stays with it when another goes", async () => {
  const { user } = show({ accounts: ["ok", "ok", "ok", "ok", "ok"] });
  await open(user);
  const rows = () => within(screen.getAllByRole("table")[0]!).getAllByTestId("account");
  expect(rows()).toHaveLength(2);
  rows()[1]!.querySelector("details")!.open = true;
  await user.click(within(rows()[0]!).getByTestId("account-sign-out"));
  await user.click(await screen.findByTestId("sign-out-confirm"));
  await waitFor(() => expect(rows()).toHaveLength(1));
  expect(rows()[0]!.querySelector("details")!.open).toBe(true);
});

test("what ends soon is announced wherever one is, and can be left for later", async () => {
  const { user } = show({ opened: true, accounts: ["ok", "expiring"] });
  const said = await screen.findByTestId("attention");
  expect(said.textContent).toContain("ends in 12 days");
  // Names stand out as such, and no sign of the core's is left.
  expect([...said.querySelectorAll("code")].map((name) => name.textContent)).toEqual(["grace", "gitlab.com"]);
  expect(said.textContent).not.toContain("`");
  await expectAccessible();
  await user.click(screen.getByTestId("attention-show"));
  await screen.findAllByTestId("account");
  expect(screen.queryByTestId("attention")).toBeNull();
  await user.keyboard("{Escape}");
  await user.click(await screen.findByTestId("attention-later"));
  expect(screen.queryByTestId("attention")).toBeNull();
});

test("signing in takes a provider, a way, and going", async () => {
  const requests: NewSignIn[] = [];
  const browser = gate();
  const { user } = show({ allowed: browser.passed }, (backend) => {
    const real = backend.signIn;
    backend.signIn = (request, progress) => {
      requests.push(request);
      return real(request, progress);
    };
  });
  await open(user);
  expect(screen.getByTestId("accounts-empty").textContent).toContain("Nobody is signed in yet");
  await expectAccessible();
  await user.click(screen.getByTestId("sign-in-button"));
  await user.selectOptions(screen.getByTestId("sign-in-provider"), "gitlab");
  expect(screen.getByTestId<HTMLInputElement>("sign-in-way-browser").checked).toBe(true);
  await expectAccessible();
  await user.click(screen.getByTestId("sign-in-go"));
  await waitFor(() => expect(screen.getByTestId("sign-in-progress").dataset["at"]).toBe("browser"));
  expect(screen.getByTestId("sign-in-progress").textContent).toContain("Sign in at gitlab.com");
  await expectAccessible();
  browser.open();
  expect((await screen.findByTestId("sign-in-result")).textContent).toContain("Signed in as ada at gitlab.com");
  expect(document.activeElement).toBe(screen.getByTestId("sign-in-done"));
  await user.click(screen.getByTestId("sign-in-done"));
  await waitFor(() => expect(screen.getAllByTestId("account")).toHaveLength(1));
  expect(requests).toEqual([{ provider: "gitlab", host: null, way: "browser", purpose: "read", token: null, again: null, mode: null }]);
});

test("a code is shown large, and copied only when its button is pressed", async () => {
  const copied = vi.fn(async () => undefined);
  const { user } = show({ allowed: gate().passed }, (backend) => (backend.copySignInCode = copied));
  // The page itself puts it nowhere, so that what takes it out again knows of it.
  const byPage = vi.spyOn(navigator.clipboard, "writeText");
  await open(user);
  await user.click(screen.getByTestId("sign-in-button"));
  await user.selectOptions(screen.getByTestId("sign-in-provider"), "github");
  // What GitHub does better with.
  expect(screen.getByTestId<HTMLInputElement>("sign-in-way-device").checked).toBe(true);
  await user.click(screen.getByTestId("sign-in-go"));
  const code = await screen.findByTestId("sign-in-code");
  expect(code.textContent).toBe("WDJB-MJHT");
  expect(screen.getByTestId("sign-in-progress").textContent).toContain("15 minutes");
  // As in every dialog: first the way out, last what leads on.
  const buttons = [...(screen.getByTestId("sign-in-cancel").parentElement?.children ?? [])];
  expect(buttons.map((button) => [button.textContent, button.classList.contains("primary")])).toEqual([["Cancel", false], ["Open the page", true]]);
  await expectAccessible();
  expect(copied).not.toHaveBeenCalled();
  await user.click(screen.getByLabelText("Copy the code"));
  expect(copied).toHaveBeenCalledOnce();
  await screen.findByText("Copied");
  expect(byPage).not.toHaveBeenCalled();
  expect(document.getSelection()?.toString()).toBe("");
});

test("what was not granted is said", async () => {
  const { user } = show();
  await open(user);
  await user.click(screen.getByTestId("sign-in-button"));
  await user.click(screen.getByTestId("sign-in-go"));
  const result = await screen.findByTestId("sign-in-result");
  expect(result.textContent).toContain("Not granted");
  expect(result.textContent).toContain("write:page:confluence");
  await expectAccessible();
});

test("without an application it is shown how to register one, and the secret leaves the page", async () => {
  const kept: NewApplication[] = [];
  const opened = vi.fn(async () => undefined);
  const { user } = show({ application: false }, (backend) => {
    const real = backend.registerApplication;
    backend.openLink = opened;
    backend.registerApplication = (given) => {
      kept.push(given);
      return real(given);
    };
  });
  await open(user);
  await user.click(screen.getByTestId("sign-in-button"));
  const register = await screen.findByTestId("sign-in-register");
  expect(register.textContent).toContain("No application is registered with api.atlassian.com");
  expect(screen.getByTestId("sign-in-redirect").textContent).toBe("http://127.0.0.1/callback/confluence-cloud");
  expect(screen.getByTestId("sign-in-scopes").textContent).toBe("READ WRITE");
  expect(screen.getByTestId<HTMLInputElement>("sign-in-client-secret").required).toBe(true);
  await expectAccessible();
  await user.click(screen.getByTestId("sign-in-register-page"));
  expect(opened).toHaveBeenCalledWith("https://api.atlassian.com/-/user_settings/applications");
  await user.type(screen.getByTestId("sign-in-client-id"), "not one");
  await user.type(screen.getByTestId("sign-in-client-secret"), "app-secret");
  await user.click(screen.getByTestId("sign-in-go"));
  expect((await screen.findByTestId("error")).textContent).toContain("not the id of an application");
  expect(screen.getByTestId<HTMLInputElement>("sign-in-client-secret").value).toBe("");
  await user.clear(screen.getByTestId("sign-in-client-id"));
  await user.type(screen.getByTestId("sign-in-client-id"), "own");
  await user.type(screen.getByTestId("sign-in-client-secret"), "app-secret");
  await user.click(screen.getByTestId("sign-in-go"));
  await screen.findByTestId("sign-in-result");
  expect(kept.map((given) => [given.clientId, given.clientSecret])).toEqual([["not one", "app-secret"], ["own", "app-secret"]]);
  expect(document.documentElement.outerHTML).not.toContain("app-secret");
});

test("an application is registered for whose access it is, and the one for everybody serves that alone", async () => {
  const kept: NewApplication[] = [];
  const { user } = show({ application: false }, (backend) => {
    const real = backend.registerApplication;
    backend.registerApplication = (given) => {
      kept.push(given);
      return real(given);
    };
  });
  await open(user);
  await user.click(screen.getByTestId("sign-in-button"));
  await user.selectOptions(screen.getByTestId("sign-in-provider"), "gitlab");
  await screen.findByTestId("sign-in-register");
  await user.click(screen.getByTestId("sign-in-managed"));
  await user.type(screen.getByTestId("sign-in-client-id"), "company");
  await user.click(screen.getByTestId("sign-in-go"));
  await user.click(await screen.findByTestId("sign-in-done"));
  expect(kept.map((given) => [given.mode, given.clientId])).toEqual([["managed", "company"]]);
  await user.click(screen.getByTestId("sign-in-button"));
  await user.selectOptions(screen.getByTestId("sign-in-provider"), "gitlab");
  await screen.findByTestId("sign-in-register");
  await user.click(screen.getByTestId("sign-in-managed"));
  await waitFor(() => expect(screen.queryByTestId("sign-in-register")).toBeNull());
});

test("an application that was registered is removed after a question, and one can be registered again", async () => {
  const removed: unknown[][] = [];
  const { user } = show({}, (backend) => {
    const real = backend.unregisterApplication;
    backend.unregisterApplication = (...given) => {
      removed.push(given);
      return real(...given);
    };
  });
  await open(user);
  await user.click(screen.getByTestId("sign-in-button"));
  await user.selectOptions(screen.getByTestId("sign-in-provider"), "gitlab");
  await user.click(await screen.findByTestId("sign-in-forget"));
  expect(screen.getByTestId("sign-in-forget-sure").textContent).toContain("The application own for gitlab.com");
  await expectAccessible();
  await user.click(screen.getByText("Keep it"));
  expect(removed).toEqual([]);
  // Managed Access uses the one of Individual Access here, and cannot take it away.
  await user.click(screen.getByTestId("sign-in-managed"));
  expect(screen.queryByTestId("sign-in-forget")).toBeNull();
  await user.click(screen.getByTestId("sign-in-managed"));
  await user.click(screen.getByTestId("sign-in-forget"));
  await user.click(screen.getByTestId("sign-in-forget-now"));
  await screen.findByTestId("sign-in-register");
  expect(removed).toEqual([["gitlab", null, "individual"]]);
  expect(screen.queryByTestId("sign-in-forget")).toBeNull();
  expect(screen.queryByTestId("sign-in-forget-sure")).toBeNull();
});

test("a pasted token leaves the page with the request, also when it is refused", async () => {
  const requests: NewSignIn[] = [];
  const { user } = show({}, (backend) => {
    const real = backend.signIn;
    backend.signIn = (request, progress) => {
      requests.push(request);
      return real(request, progress);
    };
  });
  await open(user);
  await user.click(screen.getByTestId("sign-in-button"));
  await user.click(screen.getByTestId("sign-in-way-token"));
  // An API token is good at one site, which has to be named.
  await user.type(screen.getByTestId("sign-in-host"), "https://acme.atlassian.net/wiki");
  await user.tab();
  await user.type(await screen.findByTestId("sign-in-user"), "ada@acme.com");
  await user.type(screen.getByTestId("sign-in-token"), "wrong");
  await expectAccessible();
  await user.click(screen.getByTestId("sign-in-go"));
  expect((await screen.findByTestId("error")).textContent).toContain("The token is not accepted");
  expect(screen.getByTestId<HTMLInputElement>("sign-in-token").value).toBe("");
  await user.type(screen.getByTestId("sign-in-token"), "right-one");
  await user.click(screen.getByTestId("sign-in-go"));
  await screen.findByTestId("sign-in-result");
  expect(requests.map((request) => [request.host, request.token?.token, request.token?.user])).toEqual([
    ["https://acme.atlassian.net/wiki", "wrong", "ada@acme.com"],
    ["https://acme.atlassian.net/wiki", "right-one", "ada@acme.com"],
  ]);
  expect(document.documentElement.outerHTML).not.toContain("right-one");
});

test("a server of one's own is asked for its address, and one that is forbidden is said so", async () => {
  const { user } = show();
  await open(user);
  await user.click(screen.getByTestId("sign-in-button"));
  await user.selectOptions(screen.getByTestId("sign-in-provider"), "confluence-data-center");
  expect(screen.getByTestId<HTMLInputElement>("sign-in-host").required).toBe(true);
  await user.type(screen.getByTestId("sign-in-host"), "https://forbidden.example");
  await user.tab();
  expect((await screen.findByTestId("error")).textContent).toContain("not one of the hosts that are allowed");
});

test("a sign-in that is cancelled changes nothing and can be begun again", async () => {
  const browser = gate();
  const { user } = show({ accounts: ["needsSignIn"], allowed: browser.passed });
  await open(user);
  await user.click(screen.getByTestId("account-remedy"));
  expect(screen.getByTestId("sign-in-dialog").textContent).toContain("Sign in again");
  expect(screen.queryByTestId("sign-in-provider")).toBeNull();
  await user.click(screen.getByTestId("sign-in-go"));
  await waitFor(() => expect(screen.getByTestId("sign-in-progress").dataset["at"]).toBe("browser"));
  await user.click(screen.getByTestId("sign-in-cancel"));
  expect((await screen.findByTestId("error")).textContent).toContain("Nothing was changed");
  browser.open();
  await user.click(screen.getByTestId("sign-in-go"));
  expect((await screen.findByTestId("sign-in-result")).textContent).toContain("Signed in again as ada");
});

test("an account for reading only is signed in for publishing where somebody says so", async () => {
  const asked: [NewSignIn["purpose"], NewSignIn["again"]][] = [];
  const { user } = show({ accounts: ["needsSignIn"] }, (backend) => {
    const [listed, signIn] = [backend.listAccounts(), backend.signIn];
    backend.listAccounts = async () => (await listed).map((one) => ({ ...one, id: "reads", provider: "confluence-cloud", purpose: "read" }));
    backend.signIn = (request, progress) => {
      asked.push([request.purpose, request.again]);
      return signIn(request, progress);
    };
  });
  await open(user);
  await expectAccessible();
  for (const [button, reads] of [["account-remedy", true], ["account-publish", false]] as const) {
    await user.click(await screen.findByTestId(button));
    const reading = screen.getByLabelText<HTMLInputElement>("For reading only");
    expect([reading.checked, reading.disabled]).toEqual([reads, false]);
    await user.click(screen.getByTestId("sign-in-go"));
    await user.click(await screen.findByTestId("sign-in-done"));
  }
  // What it was for can be changed in the form too.
  await user.click(await screen.findByTestId("account-remedy"));
  await user.click(screen.getByLabelText("For reading only"));
  await user.click(screen.getByTestId("sign-in-go"));
  await user.click(await screen.findByTestId("sign-in-done"));
  expect(asked).toEqual([["read", "reads"], ["publish", "reads"], ["publish", "reads"]]);
});

test("signing out is asked about, and what became of the access is said", async () => {
  const opened = vi.fn(async () => undefined);
  const { user } = show({ accounts: ["ok", "ok"] }, (backend) => {
    const real = backend.signOut;
    backend.openLink = opened;
    backend.signOut = async (id) => {
      await real(id);
      return { message: "The access is gone here. The provider cannot be told to withdraw it", page: "https://github.com/settings/applications" };
    };
  });
  await open(user);
  const first = () => screen.getAllByTestId("account-sign-out")[0] ?? document.body;
  await user.click(first());
  await expectAccessible();
  await user.click(screen.getByText("Cancel"));
  expect(screen.getAllByTestId("account")).toHaveLength(2);
  await user.click(first());
  await user.click(screen.getByTestId("sign-out-confirm"));
  const said = await screen.findByTestId("signed-out");
  expect(said.textContent).toContain("cannot be told to withdraw it");
  expect(screen.getAllByTestId("account")).toHaveLength(1);
  await user.click(within(said).getByText("Open the page"));
  expect(opened).toHaveBeenCalledWith("https://github.com/settings/applications");
  await expectAccessible();
});

test("accounts that cannot be read, and a keystore that is not there, are said", async () => {
  const { user } = show({ keystore: false }, (backend) => {
    backend.listAccounts = async () => {
      throw { code: "forbidden", message: "The administrator's policy `/etc/tributary/policy.json` cannot be read, so nobody can sign in", remedy: "Ask the administrator to mend it" };
    };
  });
  await user.click(await screen.findByTestId("accounts-button"));
  const screenText = () => screen.getByTestId("accounts").textContent ?? "";
  await waitFor(() => expect(screenText()).toContain("Ask the administrator to mend it"));
  expect(screenText()).toContain("The accounts could not be read");
  expect(screenText()).toContain("Install gnome-keyring");
  await expectAccessible();
});

test("by keyboard alone: the screen, a check, and back", async () => {
  const check = vi.fn();
  const { user } = show({ opened: true, accounts: ["offline"] }, (backend) => {
    const real = backend.checkHealth;
    backend.checkHealth = (id) => {
      check(id);
      return real(id);
    };
  });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>}4{/Control}");
  const remedy = await screen.findByTestId("account-remedy");
  remedy.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(check).toHaveBeenCalledWith("0"));
  screen.getByTestId("accounts-check").focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(check).toHaveBeenCalledWith(null));
  await user.keyboard("{Control>}3{/Control}");
  await screen.findByTestId("audit");
  expect(screen.queryByTestId("accounts")).toBeNull();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("audit")).toBeNull());
});

test("of two accounts at one place, one is used first", async () => {
  const { user } = show({ accounts: ["ok", "ok", "ok", "ok", "ok"] });
  await open(user);
  const cloud = () => screen.getAllByTestId("account").filter((row) => row.dataset["provider"] === "confluence-cloud");
  expect(cloud()).toHaveLength(2);
  expect(cloud().map((row) => row.textContent?.includes("used first"))).toEqual([true, false]);
  // Both are ada's, and told by their ids.
  await user.selectOptions(screen.getByTestId("choice-place"), "4");
  await waitFor(() => expect(cloud().map((row) => row.textContent?.includes("used first"))).toEqual([false, true]));
  await expectAccessible();
});

test("for one repository another account is used than for the rest of its host, until it is as for the rest again", async () => {
  const { user } = show({ accounts: ["ok", "ok", "ok", "ok", "ok", "ok"], reach });
  await open(user);
  const ofHost = () => screen.getAllByTestId("choices").find((part) => part.textContent?.includes("gitlab.com")) ?? document.body;
  const names = () => within(ofHost()).getAllByTestId("choice").map((row) => row.dataset["name"]);
  // What was published from there is known, and is as all of it.
  expect(names()).toEqual([undefined, "acme/handbook", "acme/secret-plans"]);
  const part = (name: string) => within(within(ofHost()).getAllByTestId("choice").find((row) => row.dataset["name"] === name) ?? document.body).getByTestId<HTMLSelectElement>("choice-part");
  expect(part("acme/handbook").selectedOptions[0]?.textContent).toBe("As above (grace)");
  await user.selectOptions(part("acme/handbook"), "5");
  await waitFor(() => expect(part("acme/handbook").value).toBe("5"));
  await user.selectOptions(part("acme/handbook"), "");
  await waitFor(() => expect(part("acme/handbook").value).toBe(""));

  // One that nothing was published from yet is named.
  await user.click(within(ofHost()).getByTestId("choice-more"));
  expect(document.activeElement).toBe(screen.getByTestId("choice-name"));
  await expectAccessible();
  await user.keyboard("no name{Enter}");
  expect((await screen.findByTestId("error")).textContent).toContain("not a repository");
  await user.clear(screen.getByTestId("choice-name"));
  await user.type(screen.getByTestId("choice-name"), "acme/website{Enter}");
  await waitFor(() => expect(names()).toEqual([undefined, "acme/handbook", "acme/secret-plans", "acme/website"]));
  expect(part("acme/website").value).toBe("5");
  expect(screen.queryByTestId("choice-name")).toBeNull();
  await expectAccessible();
});

test("where one publishes it is said as whom, and another can be chosen", async () => {
  const url = "https://acme.atlassian.net/wiki";
  const { user } = show({ opened: true, accounts: ["ok", "ok", "ok", "ok", "ok"] }, (backend) => {
    const { listAccounts } = backend;
    backend.listSites = async () => [{ url, name: "acme.atlassian.net", product: "Cloud", user: "ada", isSandbox: false, keptIn: "keystore", reachedBy: "account" }];
    backend.listAccounts = async () => listAccounts();
    backend.showUsed = async (site, space) => ({ publishes: { user: space === "TEAM" ? "grace" : "ada", host: site ?? "", mode: "individual" as const, isOneOfSeveral: space === "TEAM" }, reads: null });
  });
  await user.click(await screen.findByTestId("publish-tab"));
  const said = await screen.findByTestId("used-publishes");
  expect(said.textContent).toContain("Published as ada, Individual Access");
  expect(within(said).queryByText("Choose another…")).toBeNull();
  await user.selectOptions(screen.getByTestId("space-select"), "TEAM");
  await waitFor(() => expect(screen.getByTestId("used-publishes").textContent).toContain("Published as grace"));
  await expectAccessible();
  await user.click(screen.getByText("Choose another…"));
  await screen.findAllByTestId("choices");
});

/** Begins to connect a site to publish to. */
async function connect(user: ReturnType<typeof show>["user"]): Promise<void> {
  await user.click(await screen.findByTestId("publish-tab"));
  await user.click(await screen.findByTestId("connect-button"));
  await screen.findByRole("dialog", { name: "Connect a site" });
}

test("a site is connected by a token, or by signing in, and is published to at once", async () => {
  const sites: SiteView[] = [];
  const { user } = show({ opened: true }, (backend) => {
    const { listSites, signIn } = backend;
    backend.signIn = async (request, progress) => {
      const signedIn = await signIn(request, progress);
      const url = "https://other.atlassian.net/wiki";
      sites.push({ url, name: "other.atlassian.net", product: "Cloud", user: "ada", isSandbox: false });
      return { ...signedIn, account: { ...signedIn.account, sites: [url] } };
    };
    backend.listSites = async () => [...(await listSites()), ...sites];
  });
  await connect(user);
  const providers = [...screen.getByTestId<HTMLSelectElement>("sign-in-provider").options].map(({ value }) => value);
  expect(providers).toEqual(["confluence-cloud", "confluence-data-center"]);
  expect(screen.getByTestId<HTMLInputElement>("sign-in-way-token").checked).toBe(true);
  // What it is for is settled.
  for (const id of ["sign-in-read-only", "sign-in-remove", "sign-in-managed"]) expect(screen.queryByTestId(id)).toBeNull();
  expect(screen.getByTestId<HTMLInputElement>("sign-in-kept-keystore").checked).toBe(true);
  await expectAccessible();
  await user.selectOptions(screen.getByTestId("sign-in-provider"), "confluence-data-center");
  await user.type(screen.getByTestId("sign-in-host"), "https://wiki.acme.com");
  await user.tab();
  await user.type(screen.getByTestId("sign-in-token"), "right");
  await user.click(screen.getByTestId("sign-in-go"));
  const site = () => screen.getByTestId<HTMLSelectElement>("site-select").value;
  await waitFor(() => expect(site()).toBe("https://wiki.acme.com"));
  expect(screen.queryByRole("dialog")).toBeNull();
  await connect(user);
  await user.click(screen.getByTestId("sign-in-way-browser"));
  // Where its access is kept is said among the accounts.
  expect(screen.queryByTestId("sign-in-kept-session")).toBeNull();
  await user.click(screen.getByTestId("sign-in-go"));
  await user.click(await screen.findByTestId("sign-in-done"));
  await waitFor(() => expect(site()).toBe("https://other.atlassian.net/wiki"));
});

test("without a keystore the token of a site is kept for the session, and why is said", async () => {
  const seen: NewSite[] = [];
  const { user } = show({ opened: true, keystore: false }, (backend) => {
    const real = backend.connectSite;
    backend.connectSite = (site) => {
      seen.push(site);
      return real(site);
    };
  });
  await connect(user);
  expect(screen.getByTestId<HTMLInputElement>("sign-in-kept-keystore").disabled).toBe(true);
  expect(screen.getByRole("dialog").textContent).toContain("There is no Secret Service on this desktop. Install gnome-keyring");
  await expectAccessible();
  await user.type(screen.getByTestId("sign-in-host"), "https://acme.atlassian.net/wiki");
  await user.type(screen.getByTestId("sign-in-token"), "right");
  await user.type(await screen.findByTestId("sign-in-user"), "ada@acme.com");
  await user.click(screen.getByTestId("sign-in-go"));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(seen).toEqual([{ url: "https://acme.atlassian.net/wiki", user: "ada@acme.com", token: "right", ends: null, keep: "session" }]);
});

test("connecting a site is no more than four decisions, whichever product and way", async () => {
  const { user } = show({ opened: true });
  await connect(user);
  const select = screen.getByTestId<HTMLSelectElement>("sign-in-provider");
  const found: Record<string, number> = {};
  for (const [provider, host] of [["confluence-cloud", "https://acme.atlassian.net/wiki"], ["confluence-data-center", "https://wiki.acme.com"]] as const) {
    await user.selectOptions(select, provider);
    await user.type(screen.getByTestId("sign-in-host"), host);
    await user.tab();
    await waitFor(() => expect(screen.queryByTestId("sign-in-user") !== null).toBe(provider === "confluence-cloud"));
    found[provider] = decisions();
  }
  expect(found).toEqual({ "confluence-cloud": 4, "confluence-data-center": 3 });
});

test("a vault behind a passphrase is unlocked in place, and the passphrase leaves the page", async () => {
  const { user } = show({ opened: true, keystore: "locked", accounts: ["locked"] });
  await open(user);
  await expectAccessible();
  const remedy = screen.getByTestId("account-remedy");
  expect(remedy.textContent).toBe("Unlock");
  await user.click(remedy);
  const field = screen.getByTestId<HTMLInputElement>("unlock-passphrase");
  expect(document.activeElement).toBe(field);
  await user.keyboard("wrong{Enter}");
  expect((await screen.findByTestId("error")).textContent).toContain("not the passphrase");
  expect(field.value).toBe("");
  await user.type(field, "open sesame{Enter}");
  await waitFor(() => expect(screen.queryByTestId("unlock")).toBeNull());
  expect(inState("ok")).toBeTruthy();
  expect(document.documentElement.outerHTML).not.toContain("open sesame");
});

/** Two accounts of GitLab: one's own, and one for everybody. */
async function openWithBoth(user: ReturnType<typeof show>["user"]): Promise<void> {
  await open(user);
  for (const managed of [false, true]) {
    await user.click(screen.getByTestId("sign-in-button"));
    await user.selectOptions(screen.getByTestId("sign-in-provider"), "gitlab");
    if (managed) await user.click(screen.getByTestId("sign-in-managed"));
    await user.click(screen.getByTestId("sign-in-go"));
    await user.click(await screen.findByTestId("sign-in-done"));
  }
  await waitFor(() => expect(screen.getAllByTestId("account")).toHaveLength(2));
}

test("the access is changed after what is lost was seen and accepted, and it is said what became of each", async () => {
  const changed = vi.fn();
  const { user } = show({ reach }, (backend) => {
    const real = backend.changeMode;
    backend.changeMode = async (id, despite) => {
      changed(despite);
      const [first] = await real(id, despite);
      if (!first) throw new Error("nobody left");
      return [first, { ...first, isGone: false, became: { message: "The keystore is locked.", page: null } }];
    };
  });
  await openWithBoth(user);
  const access = await screen.findByTestId("access");
  expect(access.textContent).toContain("Individual Access");
  expect(screen.queryByTestId("account-hand-over"), "what has another mode cannot take over").toBeNull();
  screen.getByTestId("access-change").focus();
  await user.keyboard("{Enter}");
  expect((await screen.findByTestId("reach-trouble")).textContent).toContain("acme/secret-plans");
  expect(screen.getByTestId("reach-ok").textContent).toContain("acme/handbook");
  expect(screen.getByTestId("access-leaving").textContent).toContain("ada at gitlab.com");
  await expectAccessible();
  const confirm = screen.getByTestId<HTMLButtonElement>("access-confirm");
  expect([confirm.textContent, confirm.disabled]).toEqual(["Change to Managed Access", true]);
  await user.click(screen.getByTestId("access-accept"));
  confirm.focus();
  await user.keyboard("{Enter}");
  const result = await screen.findByTestId("access-result");
  expect(changed).toHaveBeenCalledWith(true);
  expect(result.textContent).toContain("Managed Access is in force");
  expect(screen.getAllByTestId("access-left").map((row) => row.querySelector("strong")?.textContent)).toEqual(["ada at gitlab.com is signed out", "ada at gitlab.com could not be signed out"]);
  expect(document.activeElement).toBe(screen.getByTestId("access-done"));
  await expectAccessible();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByTestId("access").dataset["mode"]).toBe("managed"));
  expect(screen.getAllByTestId("account")).toHaveLength(1);
});

test("what is not any more what was shown is looked at again, and accepted again", async () => {
  const looked = vi.fn();
  const { user } = show({ reach }, (backend) => {
    const real = backend.lookAtMode;
    backend.lookAtMode = (provider, host, mode) => {
      looked(provider, mode);
      return real(provider, host, mode);
    };
    backend.changeMode = async () => {
      throw { code: "conflict", message: "It would do something else by now than was shown", remedy: "Nothing was changed. Look at it again" };
    };
  });
  await openWithBoth(user);
  await user.click(await screen.findByTestId("access-change"));
  await user.click(await screen.findByTestId("access-accept"));
  await user.click(screen.getByTestId("access-confirm"));
  expect((await screen.findByTestId("error")).textContent).toContain("Nothing was changed");
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("access-accept").checked).toBe(false));
  expect(looked.mock.calls).toEqual([["gitlab", "managed"], ["gitlab", "managed"]]);
});

test("nobody is signed in for it yet: nothing can be confirmed", async () => {
  const { user } = show({ accounts: ["ok"] });
  await open(user);
  await user.click(await screen.findByTestId("access-change"));
  expect((await screen.findByTestId("error")).textContent).toContain("Nobody is signed in for Managed Access");
  expect(screen.getByTestId<HTMLButtonElement>("access-confirm").disabled).toBe(true);
  await expectAccessible();
});

test("what the administrator locked cannot be changed, nor signed in otherwise", async () => {
  const { user } = show({ accounts: ["ok"], lockedMode: "managed" });
  await open(user);
  expect((await screen.findByTestId("access")).textContent).toContain("Managed Access, set by your administrator");
  expect(screen.queryByTestId("access-change")).toBeNull();
  await user.click(screen.getByTestId("sign-in-button"));
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("sign-in-managed").disabled).toBe(true));
  expect(screen.getByTestId<HTMLInputElement>("sign-in-managed").checked).toBe(true);
  await expectAccessible();
});

test("what an account published is handed over one by one, as far as the other can publish it", async () => {
  const chosen: number[][] = [];
  const published: ReachView[] = [...reach, { base: "https://gitlab.com", name: "acme/api", trouble: null }, { base: "https://gitlab.com", name: "acme/website", trouble: null }];
  const { user } = show({ reach: published, accounts: ["ok", "ok", "ok", "ok", "ok"] }, (backend) => {
    const { moveConsent } = backend;
    backend.moveConsent = (id, numbers) => {
      chosen.push(numbers);
      return moveConsent(id, numbers);
    };
  });
  await open(user);
  const buttons = screen.getAllByTestId("account-hand-over");
  expect(buttons).toHaveLength(2);
  await user.click(buttons[0] ?? document.body);
  expect((await screen.findByTestId("reach-trouble")).textContent).toContain("acme/secret-plans");
  const confirm = () => screen.getByTestId<HTMLButtonElement>("hand-over-confirm");
  const count = () => screen.getByTestId("hand-over-count").textContent;
  const all = () => screen.getByTestId<HTMLInputElement>("hand-over-all");
  const boxes = () => screen.getAllByTestId<HTMLInputElement>("hand-over-one");
  // Whoever leaves usually leaves everything; what the other one cannot publish has nothing to select.
  expect([confirm().textContent, count(), boxes().length]).toEqual(["Hand over 3 to ada", "3 of 3 selected", 3]);
  await expectAccessible();

  // The words narrow what is shown and change nothing of what is selected.
  await user.type(screen.getByTestId("hand-over-words"), "API");
  expect(boxes()).toHaveLength(1);
  expect(screen.queryByTestId("reach-trouble")).toBeNull();
  expect(count()).toBe("3 of 3 selected, 2 of them not shown");
  await user.click(screen.getByLabelText("Select all 1 shown"));
  expect(count()).toBe("2 of 3 selected, 2 of them not shown");
  await user.clear(screen.getByTestId("hand-over-words"));
  expect([all().checked, all().indeterminate]).toEqual([false, true]);
  await user.click(boxes()[0] ?? document.body);
  expect(confirm().textContent).toBe("Hand over 1 to ada");
  await user.click(screen.getByTestId("hand-over-words"));
  await user.keyboard("nothing like that");
  expect(screen.getByTestId("hand-over-dialog").textContent).toContain("Nothing that was published has these words");
  await user.clear(screen.getByTestId("hand-over-words"));
  await expectAccessible();
  confirm().focus();
  await user.keyboard("{Enter}");
  const result = await screen.findByTestId("hand-over-result");
  expect(result.textContent).toContain("acme/website");
  expect(result.textContent).not.toContain("acme/handbook");
  expect(chosen).toEqual([[3]]);
  await expectAccessible();
});

test("what the other account cannot read cannot be handed over at all", async () => {
  const { user } = show({ reach: reach.slice(1), accounts: ["ok", "ok", "ok", "ok", "ok"] });
  await open(user);
  await user.click(screen.getAllByTestId("account-hand-over")[0] ?? document.body);
  await screen.findByTestId("reach-trouble");
  expect(screen.queryByTestId("hand-over-one")).toBeNull();
  expect(screen.getByTestId<HTMLButtonElement>("hand-over-confirm").disabled).toBe(true);
  await expectAccessible();
});

test("tokens are kept elsewhere after a passphrase was typed twice, and it leaves the page", async () => {
  const wanted: NewVault[] = [];
  const { user } = show({ accounts: ["ok"] }, (backend) => {
    const real = backend.chooseVault;
    backend.chooseVault = (given) => {
      wanted.push(given);
      return real(given);
    };
  });
  await open(user);
  expect((await screen.findByTestId("vault")).dataset["chosen"]).toBe("keystore");
  await user.click(screen.getByTestId("vault-change"));
  // What is not chosen yet is offered first.
  expect(screen.getByTestId<HTMLInputElement>("vault-place-passphrase").checked).toBe(true);
  expect(screen.getByTestId("vault-consequence").textContent).toContain("Nobody has to sign in again");
  await expectAccessible();
  await user.type(screen.getByTestId("vault-passphrase"), "one that is long enough");
  await user.type(screen.getByTestId("vault-passphrase-again"), "another that is long");
  await user.click(screen.getByTestId("vault-choose"));
  expect((await screen.findByTestId("error")).textContent).toContain("two different ways");
  expect(wanted).toEqual([]);
  for (const field of ["vault-passphrase", "vault-passphrase-again"]) {
    expect(screen.getByTestId<HTMLInputElement>(field).value).toBe("");
    await user.type(screen.getByTestId(field), "one that is long enough");
  }
  await user.clear(screen.getByTestId("vault-minutes"));
  await user.type(screen.getByTestId("vault-minutes"), "5");
  await user.click(screen.getByTestId("vault-choose"));
  expect((await screen.findByTestId("vault-result")).textContent).toContain("3 secrets were moved");
  await expectAccessible();
  expect(wanted).toEqual([{ place: "passphrase", passphrase: "one that is long enough", leaveBehind: false, lockAfterMinutes: 5 }]);
  await user.click(screen.getByTestId("vault-done"));
  await waitFor(() => expect(screen.getByTestId("vault").dataset["chosen"]).toBe("passphrase"));
  expect(document.activeElement).toBe(screen.getByTestId("vault-change"));
});

test("a place that cannot be used is said with what to do, and left behind only when that is accepted", async () => {
  const { user } = show({ keystore: false, policy: true, accounts: ["locked"] });
  await open(user);
  const panel = await screen.findByTestId("vault");
  expect(panel.textContent).toContain("There is no Secret Service on this desktop");
  expect(panel.textContent).toContain("choose another place for tokens");
  await user.click(screen.getByTestId("vault-again"));
  await user.click(screen.getByTestId("vault-change"));
  expect(screen.getByTestId<HTMLInputElement>("vault-place-session").disabled).toBe(true);
  expect(screen.getByTestId("vault-dialog").textContent).toContain("says the policy");
  await user.type(screen.getByTestId("vault-passphrase"), "one that is long enough");
  await user.type(screen.getByTestId("vault-passphrase-again"), "one that is long enough");
  await user.click(screen.getByTestId("vault-choose"));
  const dialog = within(screen.getByTestId("vault-dialog"));
  expect((await dialog.findByTestId("error")).textContent).toContain("cannot be read");
  await expectAccessible();
  await user.click(screen.getByTestId("vault-leave-behind"));
  await user.type(screen.getByTestId("vault-passphrase"), "one that is long enough");
  await user.type(screen.getByTestId("vault-passphrase-again"), "one that is long enough");
  await user.click(screen.getByTestId("vault-choose"));
  await screen.findByTestId("vault-result");
});

test("where nobody is signed in for the other access, one click leads to the form, and back", async () => {
  const requests: NewSignIn[] = [];
  const { user } = show({ accounts: ["ok"] }, (backend) => {
    const real = backend.signIn;
    backend.signIn = (request, progress) => {
      requests.push(request);
      return real(request, progress);
    };
  });
  await open(user);
  await user.click(await screen.findByTestId("access-change"));
  await user.click(await screen.findByTestId("access-sign-in"));
  expect(screen.queryByTestId("access-dialog")).toBeNull();
  expect(screen.getByTestId<HTMLInputElement>("sign-in-managed").checked).toBe(true);
  await expectAccessible();
  await user.click(screen.getByTestId("sign-in-go"));
  await user.click(await screen.findByTestId("sign-in-done"));
  expect(requests.map(({ provider, mode }) => [provider, mode])).toEqual([["confluence-cloud", "managed"]]);
  // It goes on where it was left, and there is an access to change to now.
  await screen.findByTestId("access-dialog");
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("access-confirm").disabled).toBe(false));
});

test("what is not told before it is tried is said: writing at Data Center, and the pages of any space", async () => {
  const told: [string | null | undefined, boolean, boolean, boolean][] = [];
  for (const provider of ["confluence-cloud", "confluence-data-center", "gitlab"]) {
    const backend = fake({ accounts: ["ok", "ok"] });
    const look = { id: "1", reach: [{ base: "https://wiki.acme.com", name: "DOCS", trouble: null }] };
    backend.lookAtMode = async () => ({ ...look, used: [], leaving: [] });
    backend.lookAtMove = async () => look;
    const access = { mode: "individual" as const, place: "wiki.acme.com", isLocked: false };
    render(AccessDialog, { backend, provider, host: "https://wiki.acme.com", access, ways: [], onsignin: () => undefined, onclose: () => undefined });
    const words = (await screen.findByTestId("reach-ok")).closest("section")?.getAttribute("aria-label");
    const pages = screen.queryByTestId("access-pages") !== null;
    await expectAccessible();
    cleanup();
    const [from, to] = (await backend.listAccounts()).map((one) => ({ ...one, provider }));
    if (!from || !to) throw new Error("two accounts");
    render(HandOverDialog, { backend, from, others: [to], onclose: () => undefined });
    await screen.findByTestId("hand-over-all");
    await expectAccessible();
    told.push([words, screen.queryByTestId("hand-over-untold") !== null, pages, screen.queryByTestId("hand-over-pages") !== null]);
    cleanup();
  }
  expect(told).toEqual([
    ["Can be published again", false, true, true],
    ["Can be read; whether it can be published again is not told before it is tried", true, true, true],
    ["Can be published again", false, false, false],
  ]);
});

test("a service account signs in with credentials of its own, for everybody, and it is said that it is not used yet", async () => {
  const kept: NewApplication[] = [];
  const requests: NewSignIn[] = [];
  const { user } = show({}, (backend) => {
    const { registerApplication, signIn } = backend;
    backend.registerApplication = (given) => {
      kept.push(given);
      return registerApplication(given);
    };
    backend.signIn = (request, progress) => {
      requests.push(request);
      return signIn(request, progress);
    };
  });
  await open(user);
  await user.click(screen.getByTestId("sign-in-button"));
  await user.selectOptions(screen.getByTestId("sign-in-provider"), "gitlab");
  expect(screen.queryByTestId("sign-in-way-service"), "only where there are any").toBeNull();
  await user.selectOptions(screen.getByTestId("sign-in-provider"), "confluence-data-center");
  await user.type(screen.getByTestId("sign-in-host"), "https://wiki.acme.com");
  await user.tab();
  await user.click(screen.getByTestId("sign-in-way-service"));
  // An application that people sign in with is there, and not what is asked for.
  expect((await screen.findByTestId("sign-in-register")).textContent).toContain("credentials of its own");
  expect(screen.queryByTestId("sign-in-redirect"), "no browser comes back").toBeNull();
  expect(screen.getByTestId("sign-in-scopes").textContent).toBe("READ WRITE");
  expect(screen.getByTestId<HTMLInputElement>("sign-in-managed").checked).toBe(true);
  expect(screen.getByTestId<HTMLInputElement>("sign-in-client-secret").required).toBe(true);
  await expectAccessible();
  await user.type(screen.getByTestId("sign-in-client-id"), "publisher");
  await user.type(screen.getByTestId("sign-in-client-secret"), "service-secret");
  await user.click(screen.getByTestId("sign-in-go"));
  const result = await screen.findByTestId("sign-in-result");
  expect(screen.getByTestId("sign-in-waiting").textContent).toContain("Individual Access is in force");
  expect(result.textContent).toContain("Signed in as publisher");
  await expectAccessible();
  expect(document.documentElement.outerHTML).not.toContain("service-secret");
  expect(kept.map((given) => [given.mode, given.clientId, given.clientSecret])).toEqual([["managed", "publisher", "service-secret"]]);
  expect(requests.map(({ way, mode, token }) => [way, mode, token])).toEqual([["service", "managed", null]]);
  await user.click(screen.getByTestId("sign-in-done"));
  expect((await screen.findByTestId("account")).textContent).toContain("service account");
});

test("a service account serves as Managed Access, one click from where it is missing", async () => {
  const { user } = show({ accounts: ["ok", "ok"] });
  await open(user);
  const places = await screen.findAllByTestId("access");
  const change = (provider: string) => within(places.find((one) => one.dataset["provider"] === provider) ?? document.body).getByTestId("access-change");
  await user.click(change("gitlab"));
  await screen.findByTestId("access-sign-in");
  expect(screen.queryByTestId("access-service"), "GitLab has none").toBeNull();
  await user.click(screen.getByText("Cancel"));
  await user.click(change("confluence-cloud"));
  await expectAccessible();
  await user.click(await screen.findByTestId("access-service"));
  expect(screen.getByTestId<HTMLInputElement>("sign-in-way-service").checked).toBe(true);
  expect(screen.getByTestId<HTMLInputElement>("sign-in-managed").checked).toBe(true);
  await user.type(await screen.findByTestId("sign-in-client-id"), "publisher");
  await user.type(screen.getByTestId("sign-in-client-secret"), "service-secret");
  await user.click(screen.getByTestId("sign-in-go"));
  await user.click(await screen.findByTestId("sign-in-done"));
  // It goes on where it was left.
  await user.click(await screen.findByTestId("access-confirm"));
  expect((await screen.findByTestId("access-result")).textContent).toContain("Managed Access is in force");
});

test("a service account whose secret is another one by now gets the new one", async () => {
  const { user } = show({ accounts: ["needsSignIn"] }, (backend) => {
    const { listAccounts } = backend;
    backend.listAccounts = async () => (await listAccounts()).map((one) => ({ ...one, way: "service" as const, access: "service", isManaged: true }));
  });
  await open(user);
  await user.click(await screen.findByTestId("account-remedy"));
  expect(screen.queryByTestId("sign-in-provider")).toBeNull();
  await user.type(await screen.findByTestId("sign-in-client-id"), "publisher");
  await user.type(screen.getByTestId("sign-in-client-secret"), "newer-secret");
  await user.click(screen.getByTestId("sign-in-go"));
  expect((await screen.findByTestId("sign-in-result")).textContent).toContain("Signed in again");
});
