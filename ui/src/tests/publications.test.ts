import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { FakeOptions } from "../backend/fake";
import type { Backend, PublishRequestView } from "../backend";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

async function open(options: FakeOptions = {}, change: (backend: Backend) => void = () => undefined) {
  const shown = show({ published: {}, ...options }, change);
  await shown.backend.startSandbox();
  await shown.user.click(await screen.findByTestId("publications-button"));
  return shown;
}

const rows = () => screen.getAllByTestId("published-row");
const states = () => rows().map((row) => row.dataset["state"]);
const row = (path: string) => {
  const found = rows().find((one) => one.dataset["path"] === path);
  if (!found) throw new Error(`${path} is shown`);
  return found;
};

test("every published page stands with its source, commit and state", async () => {
  await open();
  await waitFor(() => expect(states()).toEqual(["current", "behind", "edited", "gone", "behind", "current"]));
  expect(row("guide/start.md").textContent).toContain("3 commits behind");
  expect(row("docs/billing.md").textContent).toContain("1 commit behind");
  expect(row("guide/start.md").textContent).toContain("gitlab.acme.com/acme/handbook");
  expect(screen.getByTestId("published-count").textContent?.trim()).toBe("6 pages");
  await expectAccessible();
});

test("whoever comes because of what was left sees which publication, at its site, and plans it", async () => {
  let told = (): void => undefined;
  const elsewhere = { name: "Elsewhere", url: "https://elsewhere.example/wiki" };
  const { user, backend } = show({ published: { trouble: "1 page left" } }, (backend) => {
    const { onChange, listSites } = backend;
    backend.onChange = (event, call) => {
      if (event === "publications-wanted") told = call;
      return onChange(event, call);
    };
    backend.listSites = async () => (await listSites()).flatMap((site) => [{ ...site, ...elsewhere }, site]);
  });
  const sandbox = await backend.startSandbox();
  const found = vi.spyOn(backend, "findPublication");
  await screen.findByTestId("home-publications");
  told();
  const left = await screen.findByTestId("published-left");
  expect(left.textContent).toContain("handbook was not published to DOCS as a whole: 1 page left.");
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>("published-site").value).toBe(sandbox.url));
  await expectAccessible();
  await user.click(within(left).getByTestId("left-plan"));
  await waitFor(() => expect(found).toHaveBeenCalledWith("a"));
  await screen.findAllByTestId("plan-step");
});

test("pages are let through by words, space, repository and state", async () => {
  const { user } = await open();
  await waitFor(() => expect(states()).not.toContain("comparing"));
  await user.type(screen.getByTestId("published-filter"), "GUIDE old");
  await waitFor(() => expect(rows()).toHaveLength(1));
  expect(screen.getByTestId("published-count").textContent?.trim()).toBe("1 of 6 pages");
  await user.type(screen.getByTestId("published-filter"), "nowhere");
  await screen.findByText("No page is let through by this filter.");
  await user.click(screen.getByText("Clear"));
  await user.selectOptions(screen.getByTestId("published-space"), "TEAM");
  await waitFor(() => expect(rows()).toHaveLength(1));
  await user.selectOptions(screen.getByTestId("published-space"), "");
  await user.selectOptions(screen.getByTestId("published-repository"), "github.com/acme/elsewhere");
  await waitFor(() => expect(rows()).toHaveLength(1));
  await user.click(screen.getByText("Clear"));
  await user.click(screen.getByText("2 behind"));
  await waitFor(() => expect(states()).toEqual(["behind", "behind"]));
});

test("broken links have a column of the pages that were looked at, and pages are let through by them", async () => {
  const { user } = await open();
  await waitFor(() => expect(states()).not.toContain("comparing"));
  const links = () => rows().map((row) => within(row).getByTestId("published-links").textContent);
  expect(links()).toEqual(["–", "–", "–", "–", "–", "–"]);
  expect(screen.queryByTestId("published-broken")).toBeNull();
  // Those alone that the filter lets through are looked at.
  await user.selectOptions(screen.getByTestId("published-space"), "DOCS");
  await user.click(screen.getByTestId("check-links"));
  await screen.findByTestId("published-broken");
  await user.click(screen.getByText("Clear"));
  expect(links().filter((one) => one === "1 broken")).toHaveLength(1);
  expect(links()).toContain("none broken");
  expect(links()).toContain("–");
  await user.click(screen.getByTestId("published-broken"));
  expect(rows()).toHaveLength(1);
  expect(links()).toEqual(["1 broken"]);
  await expectAccessible();
});

test.each([
  ["went on", { kind: "behind", commits: 2 }, "edited by hand, 2 commits behind"],
  ["is gone", { kind: "sourceGone", commits: null }, "edited by hand, source gone"],
] as const)("an edit by hand does not hide that the source %s, nor is it hidden by it", async (_what, stands, words) => {
  await open({}, (backend) => {
    const { comparePublished } = backend;
    backend.comparePublished = async (site, repository) => {
      const stand = await comparePublished(site, repository);
      const { pages } = await backend.listPublished(site, true);
      const edited = pages.find((page) => page.isEdited && page.repository === repository);
      return edited ? [...stand.filter((one) => one.pageId !== edited.id), { pageId: edited.id, ...stands, branch: null }] : stand;
    };
  });
  await waitFor(() => expect(states()).not.toContain("comparing"));
  const edited = rows().find((row) => row.dataset["state"] === "edited");
  expect(edited?.textContent).toContain(words);
});

test("pages that a host was not asked about are not taken for any that are up to date, and why is said", async () => {
  await open({}, (backend) => {
    const { comparePublished } = backend;
    backend.comparePublished = async (site, repository) => {
      const stand = await comparePublished(site, repository);
      return stand.map((one) => (one.kind === "current" ? { ...one, kind: "notReached" as const } : one));
    };
  });
  await waitFor(() => expect(states()).toEqual(["unknown", "behind", "edited", "gone", "behind", "unknown"]));
  expect(row("README.md").textContent).toContain("not compared");
  expect(screen.getByTestId("published-not-reached").textContent).toContain("2 pages are not compared");
  await expectAccessible();
});

test("ten thousand pages make only the rows that are seen, and are gone through by keyboard", async () => {
  const openLink = vi.fn(async () => undefined);
  const { user } = await open({ published: { pages: 10_000 } }, (backend) => {
    backend.openLink = openLink;
  });
  await waitFor(() => expect(states()).not.toContain("comparing"));
  expect(rows().length).toBeLessThan(120);
  const grid = screen.getByRole("grid", { name: "Published pages" });
  expect(grid.getAttribute("aria-rowcount")).toBe("10007");
  grid.focus();
  await user.keyboard("{End}");
  await waitFor(() => expect(screen.getByTestId("published-details").textContent).toContain("Page 09999"));
  await user.keyboard("{Home}{ArrowDown} ");
  expect(screen.getByTestId("published-chosen").textContent).toContain("1 page selected");
  await user.keyboard("{Enter}");
  expect(openLink).toHaveBeenCalledWith(expect.stringContaining("/pages/2"));
  await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
  expect(screen.getByTestId("published-chosen").textContent).toContain("3 pages selected");
  await user.keyboard("{Control>}a{/Control}");
  expect(screen.getByTestId("published-chosen").textContent).toContain("10,006 pages selected");
});

test("what is behind is planned anew by its publication, and nothing but that", async () => {
  const requests: PublishRequestView[] = [];
  const { user } = await open({}, (backend) => {
    const plan = backend.planPublish;
    backend.planPublish = (request, progress) => {
      requests.push(request);
      return plan(request, progress);
    };
  });
  await user.click(await screen.findByTestId("select-behind"));
  // Two publications have some of them.
  const buttons = screen.getAllByTestId("republish");
  expect(buttons.map((button) => button.textContent?.trim())).toEqual(["Plan 1 of handbook to DOCS…", "Plan 1 of services to TEAM…"]);
  await expectAccessible();
  await user.click(screen.getByText("Select none"));
  await fireEvent.click(row("guide/start.md"), { ctrlKey: true });
  await fireEvent.click(row("guide/old.md"), { ctrlKey: true });
  await user.click(screen.getByText("Plan 2 pages…"));
  await screen.findAllByTestId("plan-step");
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({ visit: null, paths: [], spaceKey: "DOCS", only: ["guide/start.md", "guide/old.md"] });
  expect(screen.getByTestId("publish-source").textContent).toContain("2 chosen pages");
  // Everything can be planned instead, and what was chosen does not come back.
  await user.click(screen.getByTestId("publish-all"));
  await waitFor(() => expect(screen.queryAllByTestId("plan-step")).toEqual([]));
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(requests[1]?.only).toEqual([]));
});

test("everything that is behind is planned from where it was published, and published together", async () => {
  const planned: { id: string; only: string[]; beside: string[] }[] = [];
  const applied: string[] = [];
  const { user } = await open({}, (backend) => {
    const { planPublication, applyPlan } = backend;
    backend.planPublication = (wanted, progress) => {
      planned.push({ id: wanted.publication, only: wanted.only, beside: wanted.beside });
      return planPublication(wanted, progress);
    };
    backend.applyPlan = (id, digest, progress) => {
      applied.push(id);
      return applyPlan(id, digest, progress);
    };
  });
  await user.click(await screen.findByText("Plan all 2 pages that are behind"));
  await waitFor(() => expect(screen.getAllByTestId("plan-part").map((part) => part.textContent?.replace(/\s+/g, " ").trim())).toEqual(["handbook to DOCS 2 pages", "services to TEAM 2 pages"]));
  expect(planned).toEqual([
    { id: "a", only: ["guide/start.md"], beside: [] },
    { id: "b", only: ["docs/billing.md"], beside: ["1"] },
  ]);
  await screen.findAllByTestId("plan-step");
  await expectAccessible();
  // What it came to is heard as well, with nothing of single pages in between.
  const said = () => screen.getByTestId("republish-said").textContent;
  await waitFor(() => expect(said()).toBe("Planned: 2 create, 2 update, 2 refused, 2 unchanged"));
  expect(screen.getByTestId("republish-said").getAttribute("role")).toBe("status");
  await user.click(screen.getByTestId("republish-publish"));
  await waitFor(() => expect(screen.getAllByTestId("plan-part").map((part) => part.textContent)).toEqual([expect.stringContaining("Published"), expect.stringContaining("Published")]));
  await waitFor(() => expect(said()).toBe("Published: 2 updated, 2 created"));
  expect(applied).toEqual(["1", "2"]);
  await screen.findByTestId("report");
  await user.click(screen.getByTestId("republish-close"));
  await waitFor(() => expect(rows()).toHaveLength(6));
});

test("an edit among what is planned together is decided there", async () => {
  const decided: unknown[] = [];
  const { user } = await open({}, (backend) => {
    const { planPublication } = backend;
    backend.planPublication = (wanted, progress) => {
      decided.push(wanted.conflicts);
      return planPublication(wanted, progress);
    };
  });
  await user.click(await screen.findByTestId("select-behind"));
  await user.click(screen.getByTestId("plan-together"));
  await user.selectOptions(await screen.findByTestId("conflict-select"), "merge");
  await waitFor(() => expect(decided).toEqual([[], [], [{ path: "guide/old.md", onConflict: "merge" }]]));
});

test("a title that another page has is decided on among what is planned together", async () => {
  const decided: unknown[] = [];
  const { user } = await open({ takenTitle: true }, (backend) => {
    const { planPublication } = backend;
    backend.planPublication = (wanted, progress) => {
      decided.push(wanted.titles);
      return planPublication(wanted, progress);
    };
  });
  await user.click(await screen.findByTestId("select-behind"));
  await user.click(screen.getByTestId("plan-together"));
  await user.type(await screen.findByTestId("title-typed"), "Setting up{Enter}");
  await screen.findByText("Setting up");
  const chosen = { path: "guide/setup.md", title: "Setting up", pageId: null };
  expect(decided).toEqual([[], [], [chosen]]);
  await user.click(screen.getByTestId("title-link"));
  await screen.findByTestId("title-unlink");
  expect(decided.at(-1)).toEqual([{ ...chosen, title: null, pageId: "77" }]);
});

test("what was published from another branch than is checked out is planned from there", async () => {
  const planned: { id: string; branch: string | null; only: string[] }[] = [];
  const { user } = await open({}, (backend) => {
    const { planPublication, comparePublished } = backend;
    backend.comparePublished = async (siteUrl, repository) =>
      (await comparePublished(siteUrl, repository)).map((standing) => ({ ...standing, branch: standing.pageId === "2" ? "release" : null }));
    backend.planPublication = (wanted, progress) => {
      planned.push({ id: wanted.publication, branch: wanted.branch, only: wanted.only });
      return planPublication(wanted, progress);
    };
  });
  await waitFor(() => expect(states()).not.toContain("comparing"));
  const check = (path: string) => user.click(rows().find((row) => row.dataset.path === path)?.querySelector(".check") as HTMLElement);
  await check("guide/start.md");
  await user.click(await screen.findByTestId("republish"));
  // It has a plan of its own, not the one of the folder as it is.
  await screen.findByTestId("republish-plans");
  await waitFor(() => expect(planned).toEqual([{ id: "a", branch: "release", only: ["guide/start.md"] }]));
  expect(screen.getByTestId("republish-of").textContent).toContain("handbook from branch release to DOCS");
  await user.click(screen.getByTestId("republish-close"));
  await waitFor(() => expect(states()).not.toContain("comparing"));

  planned.length = 0;
  await check("guide/start.md");
  await check("README.md");
  await user.click(await screen.findByTestId("plan-together"));
  const both = [
    { id: "a", branch: null, only: ["README.md"] },
    { id: "a", branch: "release", only: ["guide/start.md"] },
  ];
  await waitFor(() => expect(planned).toEqual(expect.arrayContaining(both)));
  expect(planned).toHaveLength(2);
});

test("pages are let through by whose access publishes them", async () => {
  const { user } = await open();
  await waitFor(() => expect(states()).not.toContain("comparing"));
  await user.selectOptions(screen.getByTestId("published-account"), "grace");
  await waitFor(() => expect(rows()).toHaveLength(1));
  expect(screen.getByTestId("published-count").textContent?.trim()).toBe("1 of 6 pages");
});

test("a publication of a repository at a host opens that, at its space", async () => {
  const requests: PublishRequestView[] = [];
  const opened: string[] = [];
  const { user } = await open({}, (backend) => {
    const visit = backend.openVisit;
    backend.openVisit = (address, reference) => {
      opened.push(address);
      return visit("https://gitlab.acme.com/acme/handbook", reference);
    };
    const plan = backend.planPublish;
    backend.planPublish = (request, progress) => {
      requests.push(request);
      return plan(request, progress);
    };
  });
  await waitFor(() => expect(states()).not.toContain("comparing"));
  await fireEvent.click(row("docs/billing.md"), { ctrlKey: true });
  await user.click(screen.getByTestId("republish"));
  await screen.findAllByTestId("plan-step");
  expect(opened).toEqual(["https://github.com/acme/services"]);
  expect(requests[0]).toMatchObject({ spaceKey: "TEAM", only: ["docs/billing.md"] });
  expect(requests[0]?.visit).not.toBeNull();
});

test("what was published elsewhere is said and not planned from here", async () => {
  await open();
  await waitFor(() => expect(states()).not.toContain("comparing"));
  await fireEvent.click(row("docs/pipeline.md"), { ctrlKey: true });
  const chosen = screen.getByTestId("published-chosen");
  expect(chosen.textContent).toContain("was not published from here");
  expect(within(chosen).queryAllByTestId("republish")).toEqual([]);
});

test("the source of a page opens at its file", async () => {
  const { user } = await open();
  await waitFor(() => expect(states()).not.toContain("comparing"));
  await fireEvent.click(row("guide/start.md"));
  await user.click(screen.getByTestId("published-source"));
  await waitFor(() => expect(screen.getByTestId("source").textContent).toContain("# Start"));
});

test("nothing published, no site, no network: each says what to do", async () => {
  const { user } = show();
  await user.click(await screen.findByTestId("publications-button"));
  await screen.findByText("No site is connected");
  await expectAccessible();
  await user.click(screen.getByTestId("published-sandbox"));
  await screen.findByText("Nothing was published from Git yet");
  await expectAccessible();
  cleanup();
  let fails = true;
  await open({}, (backend) => {
    const real = backend.listPublished;
    backend.listPublished = async (...given) => {
      if (fails) throw { code: "offline", message: "`wiki.acme.com` could not be reached", remedy: "Check the network" };
      return real(...given);
    };
  });
  expect((await screen.findByTestId("error")).textContent).toContain("Not reached");
  await expectAccessible();
  fails = false;
  await user.click(screen.getByTestId("trouble-retry"));
  await waitFor(() => expect(rows().length).toBe(6));
});

test("sites that cannot be listed are not taken for none, and are listed when that is tried again", async () => {
  let fails = true;
  const { user } = await open({}, (backend) => {
    const real = backend.listSites;
    backend.listSites = async () => {
      if (fails) throw { code: "bug", message: "Reading the sites broke off", remedy: null };
      return real();
    };
  });
  expect((await screen.findByTestId("error")).textContent).toContain("Reading the sites broke off");
  expect(screen.queryByText("No site is connected")).toBeNull();
  expect(screen.queryByText("Reading the sites…")).toBeNull();
  await expectAccessible();
  await user.click(screen.getByTestId("trouble-retry"));
  expect((await screen.findByTestId("error")).textContent).toContain("Reading the sites broke off");
  fails = false;
  await user.click(screen.getByTestId("trouble-retry"));
  await waitFor(() => expect(rows()).toHaveLength(6));
  expect(screen.queryByTestId("error")).toBeNull();
});

test("a sandbox that does not start is started when that is tried again", async () => {
  let fails = true;
  const { user } = show({ published: {} }, (backend) => {
    const real = backend.startSandbox;
    backend.startSandbox = async () => {
      if (fails) throw { code: "bug", message: "The sandbox did not start", remedy: null };
      return real();
    };
  });
  await user.click(await screen.findByTestId("publications-button"));
  await user.click(await screen.findByTestId("published-sandbox"));
  expect((await screen.findByTestId("error")).textContent).toContain("The sandbox did not start");
  fails = false;
  await user.click(screen.getByTestId("trouble-retry"));
  await waitFor(() => expect(rows()).toHaveLength(6));
  expect(screen.queryByTestId("error")).toBeNull();
});

test("a repository that is not reached is said, and the others are compared all the same", async () => {
  const { user } = await open({ published: { unreached: { code: "offline", message: "`github.com` could not be reached", remedy: "Check the network" } } });
  const trouble = await screen.findByTestId("published-trouble");
  expect(trouble.textContent).toContain("github.com/acme/services is not compared");
  await waitFor(() => expect(states()).toEqual(["current", "behind", "edited", "gone", "unknown", "current"]));
  await expectAccessible();
  await user.click(within(trouble).getByText("Try again"));
  await screen.findByTestId("published-trouble");
});

test("an answer about another site comes too late", async () => {
  const waiting = new Map<string, () => void>();
  const { user, backend } = show({ published: {} }, (backend) => {
    const real = backend.listPublished;
    backend.listPublished = async (url, everywhere) => {
      await new Promise<void>((resolve) => waiting.set(url, resolve));
      const found = await real(url, everywhere);
      return url.includes("8090") ? found : { ...found, pages: found.pages.slice(0, 1) };
    };
  });
  const sandbox = await backend.startSandbox();
  const other = await backend.connectSite({ url: "https://acme.atlassian.net/wiki", user: "ada", token: "right", keep: "session", ends: null });
  await user.click(await screen.findByTestId("publications-button"));
  await waitFor(() => expect(waiting.has(sandbox.url)).toBe(true));
  await user.selectOptions(await screen.findByTestId("published-site"), other.url);
  await waitFor(() => expect(waiting.has(other.url)).toBe(true));
  waiting.get(other.url)?.();
  await waitFor(() => expect(rows()).toHaveLength(1));
  waiting.get(sandbox.url)?.();
  await new Promise((resolve) => setTimeout(resolve));
  expect(rows()).toHaveLength(1);
});

test("a publish is taken back from among the last ones, once its plan was seen", async () => {
  const applied: string[] = [];
  const heard: string[] = [];
  const { user } = await open({}, (backend) => {
    const { applyPlan } = backend;
    backend.applyPlan = async (id, digest, progress) => {
      applied.push(id);
      progress({ phase: "publishing", done: 0, total: 2, current: "Handbook" });
      await tick();
      // Nothing but the phase is in a part that is read out as it changes.
      for (const part of screen.getByTestId("taking-back").querySelectorAll("[aria-live], [role='status']")) heard.push(part.textContent ?? "");
      return applyPlan(id, digest, progress);
    };
  });
  await waitFor(() => expect(states()).not.toContain("comparing"));
  await user.click(screen.getByTestId("published-past"));
  await waitFor(() => expect(screen.getAllByTestId("past-report")).toHaveLength(3));
  const all = screen.getAllByTestId("past-report");
  expect(all[0]?.textContent).toContain("took another back: 2 changed");
  expect(all[1]?.textContent).toContain("taken back");
  expect(all[1]?.textContent).toContain("1 made, 4 changed, by itself");
  expect(within(all[1] as HTMLElement).queryByTestId("past-take-back")).toBeNull();
  await expectAccessible();
  await user.click(within(all[2] as HTMLElement).getByTestId("past-take-back"));
  await waitFor(() => expect(screen.getAllByTestId("plan-step").map((step) => step.dataset["kind"])).toEqual(["update", "trash", "refuse"]));
  expect(screen.getAllByTestId("plan-step")[0]?.textContent).toContain("without new");
  // What a page is called now, and where it is: of the pages that lose either, and of no other.
  expect(screen.getAllByTestId("step-from").map((one) => one.textContent)).toEqual(["Was called “Handbook of all” · From below “Teams” to the top of the space"]);
  expect(screen.getByTestId("taking-back").textContent).toContain("the page was changed since");
  expect(applied).toEqual([]);
  // A path leads nowhere here, and is no button that is switched off.
  expect(within(screen.getByTestId("taking-back")).getByText("README.md").closest("button")).toBeNull();
  await expectAccessible();
  await user.click(screen.getByText("Take 2 pages back"));
  await screen.findByTestId("report");
  expect(applied).toEqual(["1"]);
  expect(heard).toEqual(["Publishing"]);
  await user.click(screen.getByTestId("taking-back-close"));
  await user.click(await screen.findByTestId("past-close"));
  await waitFor(() => expect(rows()).toHaveLength(6));
});

test("the last publishes say that they are read, could not be read, or are none", async () => {
  let answer = (): void => undefined;
  let told: unknown = null;
  const { user } = await open({}, (backend) => {
    const { listReports } = backend;
    backend.listReports = async (site) => {
      await new Promise<void>((resolve) => (answer = resolve));
      if (told !== null) throw told;
      return (await listReports(site)).slice(0, 0);
    };
  });
  await waitFor(() => expect(states()).not.toContain("comparing"));
  const isSaid = (id: string) => within(screen.getByTestId("past")).queryByTestId(id) !== null;
  await user.click(screen.getByTestId("published-past"));
  expect((await screen.findByTestId("past-loading")).getAttribute("role")).toBe("status");
  await expectAccessible();
  told = { code: "storage", message: "the folder of the reports could not be read", remedy: "Look whether it is yours" };
  answer();
  await waitFor(() => expect(isSaid("error")).toBe(true));
  // Whether there are any is not known, and nothing says that there are none.
  expect(["past-none", "past-loading", "past-report"].map(isSaid)).toEqual([false, false, false]);
  await expectAccessible();
  told = null;
  await user.click(screen.getByTestId("trouble-retry"));
  await screen.findByTestId("past-loading");
  expect(isSaid("error")).toBe(false);
  answer();
  await screen.findByTestId("past-none");
  expect(isSaid("past-loading")).toBe(false);
  await expectAccessible();
});

test("links of the pages that are let through are looked at when somebody asks", async () => {
  const asked: unknown[] = [];
  const { user } = await open({}, (backend) => {
    const { checkLinks } = backend;
    backend.checkLinks = (siteUrl, spaces, pages) => {
      asked.push([spaces, pages]);
      return checkLinks(siteUrl, spaces, pages);
    };
  });
  await waitFor(() => expect(states()).not.toContain("comparing"));
  await user.selectOptions(screen.getByTestId("published-space"), "DOCS");
  expect(asked).toEqual([]);
  await user.click(screen.getByTestId("check-links"));
  const broken = await screen.findByTestId("broken-link");
  expect(asked).toEqual([[["DOCS"], ["1", "2", "3", "4", "6"]]]);
  expect(broken.textContent).toContain("Start");
  expect(broken.textContent).toContain("no page of the space is called so");
  expect(screen.getByTestId("links-said").textContent).toContain("1 of 10 links leads nowhere.");
  await expectAccessible();
});

test("ten thousand links that lead nowhere are counted, and those that are seen are drawn", async () => {
  const { user } = await open({}, (backend) => {
    const broken = Array.from({ length: 10_000 }, (_, number) => ({ pageId: number % 2 === 0 ? "2" : "99", target: `Gone ${number}`, reason: "no page of the space is called so" }));
    backend.checkLinks = async () => ({ pages: 6, checked: 12_000, notChecked: 0, broken });
  });
  await waitFor(() => expect(states()).not.toContain("comparing"));
  await user.click(screen.getByTestId("check-links"));
  const rows = await screen.findAllByTestId("broken-link");
  expect(screen.getByTestId("links-said").textContent).toContain("10,000 of 12,000 links lead nowhere.");
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.length).toBeLessThan(200);
  expect(["aria-setsize", "aria-posinset"].map((name) => rows[1]?.getAttribute(name))).toEqual(["10000", "2"]);
  expect(within(rows[0]!).getByRole("button").textContent).toBe("Start");
  // A page that is not among those shown is named by its id.
  expect(rows[1]?.textContent).toMatch(/^99/);
  await expectAccessible();
});
