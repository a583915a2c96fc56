import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, expect, test } from "vitest";
import type { FakeOptions } from "../backend/fake";
import type { Backend, PageRefView, PublishRequestView, SceneView, TargetsView } from "../backend";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

const account = (user: string) => ({ user, host: "acme.atlassian.net", mode: "individual" as const, isOneOfSeveral: false });
const target = (name: string, site: string, space: string) => ({ name, paths: [], site, space, parent: null, account: account("ada"), trouble: null });
const two: TargetsView = {
  targets: [target("cloud", "acme.atlassian.net/wiki", "DOCS"), { ...target("intranet", "wiki.acme.com", "TEAM"), paths: ["public"], account: account("grace") }],
  trouble: null,
};

async function open(options: FakeOptions = {}, change: (backend: Backend) => void = () => undefined) {
  const requests: PublishRequestView[] = [];
  const applied: string[] = [];
  const calls: [string, () => void][] = [];
  const shown = show({ opened: true, running: true, ...options }, (backend: Backend) => {
    change(backend);
    const { planPublish, applyPlan, onChange } = backend;
    backend.onChange = (event, call) => {
      calls.push([event, call]);
      return onChange(event, call);
    };
    backend.planPublish = (request, progress) => {
      requests.push(request);
      return planPublish(request, progress);
    };
    backend.applyPlan = (id, digest, progress) => {
      applied.push(id);
      return applyPlan(id, digest, progress);
    };
  });
  await shown.user.click(await screen.findByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  return { ...shown, requests, applied, emit: (event: string) => calls.forEach(([heard, call]) => heard === event && call()) };
}

test("all targets of a repository are planned and published, each with its site, space and account", async () => {
  const { user, requests, applied } = await open({ targets: two });
  const rows = await screen.findAllByTestId("target");
  expect(rows.map((row) => row.dataset["name"])).toEqual(["cloud", "intranet"]);
  expect(rows[0]?.textContent).toContain("space DOCS at acme.atlassian.net/wiki");
  expect(rows[1]?.textContent).toContain("space TEAM at wiki.acme.com · only public");
  expect(rows[1]?.textContent).toContain("Published as grace, Individual Access");
  expect(screen.queryByTestId("site-select")).toBeNull();
  await expectAccessible();

  await user.click(screen.getByTestId("plan-button"));
  const parts = await screen.findAllByTestId("plan-part");
  expect(parts.map((part) => part.textContent?.replace(/\s+/g, " ").trim())).toEqual(["cloud 2 pages", "intranet 2 pages"]);
  expect(requests.map(({ target, beside }) => ({ target, beside }))).toEqual([
    { target: "cloud", beside: [] },
    { target: "intranet", beside: ["1"] },
  ]);
  await expectAccessible();
  expect(screen.getByTestId("publish-button").textContent).toContain("Publish 4 pages");
  await user.click(screen.getByTestId("publish-button"));
  await waitFor(() => expect(screen.getAllByTestId("plan-part").map((part) => part.textContent)).toEqual([expect.stringContaining("Published"), expect.stringContaining("Published")]));
  expect(applied).toEqual(["1", "2"]);
  await user.click(screen.getByText("cloud", { selector: "[data-testid='plan-part'] strong" }));
  await screen.findByTestId("report");
});

test("one target is planned alone, and another place is chosen as ever", async () => {
  const { user, requests } = await open({ targets: two });
  await user.selectOptions(await screen.findByTestId("target-select"), "intranet");
  expect(screen.getAllByTestId("target")).toHaveLength(1);
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  expect(screen.queryAllByTestId("plan-part")).toEqual([]);
  await user.selectOptions(screen.getByTestId("target-select"), "");
  await waitFor(() => expect(screen.queryAllByTestId("plan-step")).toEqual([]));
  await user.click(await screen.findByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  expect(requests.map(({ target, spaceKey }) => [target, spaceKey])).toEqual([
    ["intranet", "DOCS"],
    [null, "DOCS"],
  ]);
});

test("trouble at one target leaves the others their turn", async () => {
  const trouble = { code: "signedOut" as const, asking: null, message: "`https://acme.atlassian.net/wiki` is not connected", remedy: "Connect the site first" };
  const [cloud, intranet] = two.targets;
  if (!cloud || !intranet) throw new Error("there are two");
  const { user, applied } = await open({ targets: { targets: [{ ...cloud, account: null, trouble }, intranet], trouble: null } });
  expect((await screen.findByTestId("target-trouble")).textContent).toContain("is not connected");
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(screen.getAllByTestId("plan-part").map((part) => part.textContent)).toEqual([expect.stringContaining("failed"), expect.stringContaining("2 pages")]));
  expect((await screen.findByTestId("error")).textContent).toContain("Connect the site first");
  await user.click(screen.getByTestId("publish-button"));
  await waitFor(() => expect(applied).toEqual(["1"]));
});

test("targets that would take each other's pages are not planned together", async () => {
  const trouble = { code: "invalidInput" as const, asking: null, message: "The targets `cloud` and `intranet` publish the same files to the same space", remedy: "Plan one of them" };
  await open({ targets: { ...two, trouble } });
  expect((await screen.findByTestId("targets-trouble")).textContent).toContain("the same space");
  expect(screen.getByTestId<HTMLSelectElement>("target-select").value).toBe("cloud");
  expect(screen.getByText<HTMLOptionElement>("All 2 targets").disabled).toBe(true);
});

test("what becomes of an edit is looked at and decided for one page", async () => {
  const { user, requests } = await open();
  await user.click(screen.getByTestId("plan-button"));
  const row = await screen.findByTestId("conflict");
  await user.click(within(row).getByTestId("conflict-show"));
  await screen.findByText((_, element) => element?.textContent === "An old page that somebody mended." && element.children.length <= 2);
  await expectAccessible();
  await user.selectOptions(within(row).getByTestId("conflict-select"), "merge");
  await waitFor(() => expect(screen.getAllByTestId("plan-step").map((step) => step.dataset["kind"])).toContain("merge"));
  expect(requests[1]?.conflicts).toEqual([{ path: "guide/old.md", onConflict: "merge" }]);
  // It is gone on where it was decided.
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("conflict-select")));
  expect(screen.getByTestId("publish-button").textContent).toContain("Publish 3 pages");
  await user.selectOptions(screen.getByTestId("conflict-select"), "overwrite");
  await waitFor(() => expect(requests[2]?.conflicts).toEqual([{ path: "guide/old.md", onConflict: "overwrite" }]));
  // Planning once more does not forget it.
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(requests[3]?.conflicts).toEqual([{ path: "guide/old.md", onConflict: "overwrite" }]));
});

test("an edit is taken into its source as a commit on a new branch", async () => {
  const { user } = await open();
  await user.click(screen.getByTestId("plan-button"));
  await user.click(await screen.findByTestId("conflict-take"));
  const dialog = await screen.findByTestId("pull-dialog");
  const branch = await within(dialog).findByTestId<HTMLInputElement>("pull-branch");
  expect(branch.value).toBe("edit-of-old");
  await expectAccessible();
  await user.clear(branch);
  await user.type(branch, "main");
  await user.click(within(dialog).getByTestId("pull-commit"));
  expect((await within(dialog).findByTestId("error")).textContent).toContain("is there already");
  await user.clear(branch);
  await user.type(branch, "their-edit");
  await user.click(within(dialog).getByTestId("pull-commit"));
  await waitFor(() => expect(within(dialog).getByTestId("pull-done").textContent).toContain("Committed as 0123456789 on their-edit"));
});

test("an edit is saved as a patch for whoever has the repository elsewhere", async () => {
  const saved: string[] = [];
  const { user } = show({ opened: true, running: true }, (backend: Backend) => {
    const { savePull } = backend;
    backend.savePull = (id, branch) => {
      saved.push(branch);
      return savePull(id, branch);
    };
  });
  await user.click(await screen.findByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await user.click(screen.getByTestId("plan-button"));
  await user.click(await screen.findByTestId("conflict-take"));
  const dialog = await screen.findByTestId("pull-dialog");
  await user.click(await within(dialog).findByTestId("pull-save"));
  await waitFor(() => expect(within(dialog).getByTestId("pull-done").textContent).toContain("/home/you/edit-of-old.patch"));
  expect(saved).toEqual(["edit-of-old"]);
});

test("an edit that cannot be told from the rest is said to be one", async () => {
  const shown = show({ opened: true, running: true }, (backend: Backend) => {
    backend.showEdit = async () => null;
    backend.lookAtPull = async () => ({ id: null, lines: [], isCertain: false, left: "only Markdown takes an edit back", branch: "x", canCommit: true });
  });
  await shown.user.click(await screen.findByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await shown.user.click(screen.getByTestId("plan-button"));
  await shown.user.click(await screen.findByTestId("conflict-show"));
  await screen.findByTestId("conflict-unknown");
  await shown.user.click(screen.getByTestId("conflict-take"));
  expect((await screen.findByTestId("pull-left")).textContent).toContain("only Markdown");
  expect(screen.queryByTestId("pull-commit")).toBeNull();
});

test("a page that stays as it is with a merged edit says so, and its edit is taken into the source", async () => {
  const looked: number[] = [];
  const shown = show({ opened: true, running: true }, (backend: Backend) => {
    const { planPublish, lookAtPull } = backend;
    backend.planPublish = async (...given) => {
      const plan = await planPublish(...given);
      return { ...plan, steps: plan.steps.map((step) => (step.kind === "leave" ? { ...step, holdsEdit: true } : step)) };
    };
    backend.lookAtPull = (planId, index) => {
      looked.push(index);
      return lookAtPull(planId, index);
    };
  });
  await shown.user.click(await screen.findByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await shown.user.click(screen.getByTestId("plan-button"));
  const row = await screen.findByTestId("holds-edit");
  expect(row.closest("[data-testid='plan-step']")?.getAttribute("data-kind")).toBe("leave");
  expect(row.textContent).toContain("that this source has not");
  await expectAccessible();
  await shown.user.click(within(row).getByTestId("conflict-take"));
  await screen.findByTestId("pull-dialog");
  await waitFor(() => expect(looked).toEqual([2]));
});

test("a publish is taken back from its report, and its links are looked at there", async () => {
  const taken: string[] = [];
  const { user, backend } = await open();
  const { planTakingBack } = backend;
  backend.planTakingBack = (id, progress) => {
    taken.push(id);
    return planTakingBack(id, progress);
  };
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  await user.click(screen.getByTestId("publish-button"));
  await screen.findByTestId("report");
  await user.click(screen.getByTestId("check-links"));
  expect((await screen.findByTestId("broken-link")).textContent).toContain("Start");
  await user.click(screen.getByTestId("take-back"));
  expect(await screen.findAllByTestId("plan-step")).toHaveLength(3);
  expect(taken).toEqual(["1"]);
  await expectAccessible();
  await user.click(screen.getByTestId("taking-back-close"));
  await screen.findByTestId("report");
});

test("pages are unchecked in a plan, which is planned without them before it is published", async () => {
  const { user, requests, applied } = await open();
  await user.click(screen.getByTestId("plan-button"));
  const boxes = await screen.findAllByTestId("plan-check");
  // What is refused, gone or unchanged is no choice.
  expect(boxes.map((box) => box.getAttribute("aria-label"))).toEqual(["Publish Handbook", "Publish Start"]);
  expect(screen.queryByTestId("plan-picked")).toBeNull();
  await user.click(boxes[0] as HTMLElement);
  expect(screen.getByTestId("plan-picked").textContent).toContain("1 page is unchecked.");
  expect(screen.getByTestId("publish-button")).toHaveProperty("disabled", true);
  await expectAccessible();
  await user.click(screen.getByText("Plan the 1 checked page"));
  await waitFor(() => expect(requests[1]?.only).toEqual(["guide/start.md"]));
  await waitFor(() => expect(screen.queryByTestId("plan-picked")).toBeNull());
  await user.click(screen.getByTestId("publish-button"));
  await screen.findByTestId("report");
  expect(applied).toEqual(["2"]);
  // Planned anew, all of it is there again.
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(requests[2]?.only).toEqual([]));
});

test("a plan says that watchers are told where minor edits were asked for and the site has none", async () => {
  const { user } = await open({ defaults: { minorEdit: true } });
  await user.click(screen.getByTestId("plan-button"));
  expect((await screen.findByTestId("plan-tells")).textContent).toContain("no minor edits");
});

test("pages whose sources are gone go although they are many, once somebody says so of this plan", async () => {
  const { user, requests, applied } = await open();
  await user.click(screen.getByText("More"));
  await user.selectOptions(screen.getByTestId("publish-orphan"), "trash");
  await user.click(screen.getByTestId("plan-button"));
  const asked = await screen.findByTestId("plan-too-many");
  expect(asked.textContent).toContain("1 page stays");
  expect(requests[0]).toMatchObject({ onOrphan: "trash", orphansAreGone: false });
  const kinds = () => screen.getAllByTestId("plan-step").map((row) => row.dataset["kind"]);
  expect(kinds()).toContain("orphan");
  await expectAccessible();
  await user.click(screen.getByTestId("plan-let-go"));
  await waitFor(() => expect(kinds()).toContain("trash"));
  expect(requests[1]).toMatchObject({ onOrphan: "trash", orphansAreGone: true });
  expect(screen.queryByTestId("plan-too-many")).toBeNull();
  expect(applied).toEqual([]);
  // Another plan asks again.
  await user.click(screen.getByTestId("plan-button"));
  await screen.findByTestId("plan-too-many");
  expect(requests[2]?.orphansAreGone).toBe(false);
});

test("the page to publish below is found among ten thousand by its title, by keyboard", async () => {
  const pages = Array.from({ length: 10_000 }, (_, number) => ({ id: String(number + 1), title: `Page ${String(number).padStart(5, "0")}`, parentId: number === 0 ? null : "1" }));
  const requests: PublishRequestView[] = [];
  const { user } = show({ opened: true, running: true }, (backend: Backend) => {
    const { planPublish } = backend;
    backend.listPages = async () => pages;
    backend.planPublish = (request, progress) => {
      requests.push(request);
      return planPublish(request, progress);
    };
  });
  await user.click(await screen.findByTestId("publish-tab"));
  const box = await screen.findByRole<HTMLInputElement>("combobox", { name: "Below" });
  await waitFor(() => expect(box.disabled).toBe(false));
  expect(box.value).toBe("The space's home page");
  await user.click(box);
  // The home page and all the others, of which those that are seen are drawn.
  expect(screen.getAllByTestId("parent-option")[0]?.getAttribute("aria-setsize")).toBe("10001");
  expect(screen.getAllByTestId("parent-option").length).toBeLessThan(60);
  await expectAccessible();
  await user.type(box, "09876");
  const found = screen.getAllByTestId("parent-option");
  expect(found.map((one) => one.textContent?.trim())).toEqual(["Page 09876 Page 00000"]);
  expect(document.getElementById(box.getAttribute("aria-activedescendant") ?? "")).toBe(found[0]);
  await expectAccessible();
  await user.keyboard("{Escape}");
  expect(box.value).toBe("The space's home page");
  expect(screen.queryByTestId("parent-option")).toBeNull();
  // Typing over what is chosen, as the field marks it.
  box.blur();
  box.focus();
  await user.keyboard("00042{Enter}");
  expect(box.value).toBe("Page 00042");
  await user.keyboard("{ArrowDown}{ArrowDown}");
  // Behind the home page; jsdom does not scroll there, so that it is not drawn.
  expect(box.getAttribute("aria-activedescendant")).toMatch(/-44$/);
  await user.keyboard("{Escape}");
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(requests.map(({ parentId }) => parentId)).toEqual(["43"]));
});

test("what a plan, a publish and taking it back came to is read out once it is done", async () => {
  const { user } = await open();
  const said = (id: string) => screen.getByTestId(id).textContent;
  expect(said("publish-said")).toBe("");
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  await waitFor(() => expect(said("publish-said")).toBe("Planned: 1 create, 1 update, 1 refused, 1 unchanged"));
  expect(screen.getByTestId("publish-said").getAttribute("role")).toBe("status");
  await user.click(screen.getByTestId("publish-button"));
  await screen.findByTestId("report");
  await waitFor(() => expect(said("publish-said")).toBe("Published: 1 updated, 1 created"));
  await user.click(screen.getByTestId("take-back"));
  await screen.findAllByTestId("plan-step");
  await waitFor(() => expect(said("taking-back-said")).toMatch(/^Planned: /));
  // The names of pages, which are shown meanwhile, are in nothing that is read out.
  expect(document.querySelector("[aria-live] [data-testid=progress], [role=status] [data-testid=progress]")).toBeNull();
});

test("of ten thousand files that a plan leaves out those that are seen are drawn", async () => {
  const { user } = await open({}, (backend) => {
    const { planPublish } = backend;
    const skipped = Array.from({ length: 10_000 }, (_, number) => ({ path: `notes/${number}.bin`, reason: "it is no text" }));
    backend.planPublish = async (request, progress) => ({ ...(await planPublish(request, progress)), skipped });
  });
  await user.click(screen.getByTestId("plan-button"));
  const rows = await screen.findAllByTestId("plan-skipped");
  expect(rows[1]?.textContent).toContain("notes/1.bin");
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.length).toBeLessThan(200);
  expect(["aria-setsize", "aria-posinset"].map((name) => rows[1]?.getAttribute(name))).toEqual(["10000", "2"]);
  await expectAccessible();
});

test("a plan that nobody decided about goes on in the next page, with all that was chosen for it", async () => {
  const scenes: SceneView[] = [];
  let answers = 0;
  const rests = (backend: Backend): void => {
    backend.rest = async (scene) => void scenes.push(scene);
    // As the core does, with each answer anew.
    const { startState } = backend;
    backend.startState = async () => {
      const now = structuredClone(await startState());
      answers += 1;
      return now;
    };
  };
  const first = await open({}, rests);
  await first.user.selectOptions(screen.getByTestId("publish-conflict"), "overwrite");
  await first.user.type(screen.getByPlaceholderText("Published from Git"), "As agreed");
  await first.user.click(screen.getByTestId("plan-button"));
  const titles = (await screen.findAllByTestId("plan-step")).map((one) => one.dataset["title"]);
  const check = async () => (await screen.findAllByTestId<HTMLInputElement>("plan-check"))[0] as HTMLInputElement;
  await first.user.click(await check());
  // Whatever is read again of the settings, what was typed is not.
  const before = answers;
  first.emit("publication-changed");
  await waitFor(() => expect(answers).toBeGreaterThan(before));
  await tick();
  expect(screen.getByPlaceholderText<HTMLInputElement>("Published from Git").value).toBe("As agreed");
  first.emit("rest-wanted");
  await waitFor(() => expect(scenes.length).toBe(1));
  const [scene] = scenes;
  if (!scene) throw new Error("there is one");
  expect(scene.tab).toBe("publish");

  cleanup();
  const next = await open({ scene }, rests);
  const steps = await screen.findAllByTestId("plan-step");
  expect(steps.map((one) => one.dataset["title"])).toEqual(titles);
  expect(next.requests).toEqual([]);
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>("space-select").value).toBe("DOCS"));
  expect(screen.getByTestId<HTMLSelectElement>("publish-conflict").value).toBe("overwrite");
  expect(screen.getByPlaceholderText<HTMLInputElement>("Published from Git").value).toBe("As agreed");
  expect((await check()).checked).toBe(false);
  await expectAccessible();
  // The lists of the place come without the plan going.
  await waitFor(() => expect(screen.getByTestId("parent-said").textContent).toBe(""));
  await next.user.click(await check());
  await next.user.click(screen.getByTestId("publish-button"));
  await screen.findByTestId("report");
  expect(next.applied).toEqual(["1"]);
  next.emit("rest-wanted");
  await waitFor(() => expect(scenes.length).toBe(2));

  // What was published is read by whoever comes back, and what is planned next is another plan.
  cleanup();
  const [, later] = scenes;
  if (!later) throw new Error("there is another");
  const last = await open({ scene: later }, rests);
  await screen.findByTestId("report");
  await last.user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  expect(last.requests.map(({ onConflict, message, spaceKey }) => [onConflict, message, spaceKey])).toEqual([["overwrite", "As agreed", "DOCS"]]);
});

test("what was planned of something else is not handed on to what is open now", async () => {
  const scenes: SceneView[] = [];
  const { user, emit } = await open({}, (backend) => {
    backend.rest = async (scene) => void scenes.push(scene);
  });
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  emit("rest-wanted");
  await waitFor(() => expect(scenes.length).toBe(1));
  cleanup();
  const [scene] = scenes;
  if (!scene?.publish) throw new Error("there is a plan in it");
  const elsewhere = { ...scene, publish: JSON.stringify({ ...(JSON.parse(scene.publish) as object), of: "/somewhere/else" }) };
  await open({ scene: elsewhere });
  expect(screen.queryByTestId("plan-step")).toBeNull();
});

test("while a publish is taken back, the name of no page is read out", async () => {
  let go = (): void => undefined;
  const { user, backend } = await open();
  backend.planTakingBack = (_, progress) => {
    progress({ phase: "planning", done: 1, total: 3, current: "Salaries" });
    return new Promise((_, refuse) => (go = () => refuse({ code: "offline", message: "gone", remedy: null })));
  };
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  await user.click(screen.getByTestId("publish-button"));
  await user.click(await screen.findByTestId("take-back"));
  const shown = await screen.findByText("Salaries");
  expect(shown.closest("[aria-live], [role=status]")).toBeNull();
  expect(screen.getByTestId("taking-back-said").textContent).toBe("Planning");
  go();
});

test("a report shows what changed first, counts each ending, and finds one among ten thousand", async () => {
  const { user, backend } = await open();
  const { applyPlan } = backend;
  backend.applyPlan = async (id, digest, progress) => {
    const report = await applyPlan(id, digest, progress);
    const [page] = report.outcomes;
    if (!page) throw new Error("there is one");
    const rest = Array.from({ length: 10_000 }, (_, number) => ({ ...page, path: `many/${number}.md`, title: `Page ${number}`, outcome: "unchanged" }));
    const wrong = { ...page, path: "wrong.md", title: "Wrong", outcome: "failed", needsAttention: true, reason: "The site refused it" };
    return { ...report, outcomes: [...rest, ...report.outcomes, wrong] };
  };
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  await user.click(screen.getByTestId("publish-button"));
  await screen.findByTestId("report");
  const rows = () => screen.getAllByTestId("report-row").map((row) => row.dataset["outcome"]);
  expect(rows()).toEqual(["failed", "updated", "created"]);
  expect(screen.getAllByTestId("report-chip").map((chip) => chip.textContent?.trim())).toEqual(["1 failed", "1 updated", "1 created", "10,000 unchanged"]);
  await expectAccessible();
  await user.click(screen.getByText("10,000 unchanged"));
  expect(new Set(rows())).toEqual(new Set(["unchanged"]));
  expect(rows().length).toBeLessThan(200);
  await user.click(screen.getByText("1 created"));
  expect(rows()).toEqual(["created"]);
  await user.click(screen.getByText("All changes"));
  expect(rows()).toEqual(["failed", "updated", "created"]);
});

test("a plan that somebody stopped is told, and is nothing that went wrong", async () => {
  let stopped = (): void => undefined;
  const { user, backend } = await open();
  backend.cancel = async () => stopped();
  backend.planPublish = () => new Promise((_, refuse) => (stopped = () => refuse({ code: "invalidInput", message: "Cancelled before anything was written", remedy: null })));
  await user.click(screen.getByTestId("plan-button"));
  await user.click(await screen.findByTestId("cancel-button"));
  const told = await screen.findByTestId("error");
  expect(told.className).toContain("warning");
  expect(screen.queryByText("That did not work")).toBeNull();
  // What goes wrong afterwards is.
  backend.planPublish = () => Promise.reject({ code: "offline", message: "gone", remedy: null });
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(screen.getByTestId("error").dataset["code"]).toBe("offline"));
});

const intranet = { url: "https://wiki.acme.com", name: "wiki.acme.com", product: "Data Center" as const, user: "Mara", isSandbox: false };
/** An answer that comes when a test says so. */
function later<Given>() {
  let give = (_: Given): void => undefined;
  let refuse = (_: unknown): void => undefined;
  const answer = new Promise<Given>((resolve, reject) => ([give, refuse] = [resolve, reject]));
  return { answer, give, refuse };
}
/** Waits until what was answered is drawn. */
const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
const offline = { code: "offline", message: "`wiki.acme.com` could not be reached", remedy: null };

test("another site begins without the space and the page of the one before", async () => {
  const { user, backend, requests } = await open({}, (backend) => {
    const { listSites } = backend;
    backend.listSites = async () => [...(await listSites()), intranet];
  });
  const { listSpaces } = backend;
  let spaces = later<{ key: string; name: string }[]>();
  backend.listSpaces = (url) => (url === intranet.url ? spaces.answer : listSpaces(url));
  const planButton = () => screen.getByTestId<HTMLButtonElement>("plan-button");
  const parent = () => screen.getByTestId("parent-select").dataset["value"];
  await user.click(screen.getByTestId("parent-select"));
  await user.click(await screen.findByText("Engineering"));
  expect(parent()).toBe("10");

  await user.selectOptions(screen.getByTestId("site-select"), intranet.url);
  expect(planButton().disabled).toBe(true);
  expect(parent()).toBe("");
  // The keys plan no more than the button does.
  await user.keyboard("{Control>}{Enter}{/Control}");
  spaces.refuse(offline);
  expect((await screen.findByTestId("error")).dataset["code"]).toBe("offline");
  expect(planButton().disabled).toBe(true);
  expect(requests).toEqual([]);
  spaces = later();
  await user.click(screen.getByTestId("trouble-retry"));
  spaces.give([{ key: "OPS", name: "Operations" }]);
  await waitFor(() => expect(planButton().disabled).toBe(false));
  await user.click(planButton());
  await waitFor(() => expect(requests.map(({ siteUrl, spaceKey, parentId }) => [siteUrl, spaceKey, parentId])).toEqual([[intranet.url, "OPS", null]]));
});

test("what a site answers too late is nothing of the one that was chosen since", async () => {
  const { user, backend } = await open({}, (backend) => {
    const { listSites } = backend;
    backend.listSites = async () => [...(await listSites()), intranet];
  });
  const [slow, quick] = [later<PageRefView[]>(), later<PageRefView[]>()];
  const site = screen.getByTestId<HTMLSelectElement>("site-select");
  const sandbox = site.value;
  // A space is called the same at both.
  backend.listPages = (url) => (url === sandbox ? slow.answer : quick.answer);
  await user.selectOptions(screen.getByTestId("space-select"), "TEAM");
  await user.selectOptions(screen.getByTestId("space-select"), "DOCS");
  await user.selectOptions(site, intranet.url);
  await waitFor(() => expect(screen.getByTestId<HTMLSelectElement>("space-select").value).toBe("DOCS"));
  quick.give([{ id: "77", title: "Their page", parentId: null }]);
  slow.give([{ id: "10", title: "Engineering", parentId: null }]);
  await drawn();
  await user.click(screen.getByTestId("parent-select"));
  expect(screen.getAllByTestId("parent-option").map((one) => one.textContent?.trim())).toEqual(["The space's home page", "Their page"]);

  // Nor does it fail for it, with a way to try it again that would lead back.
  const failing = later<{ key: string; name: string }[]>();
  const { listSpaces } = backend;
  backend.listSpaces = (url) => (url === sandbox ? failing.answer : listSpaces(url));
  await user.selectOptions(site, sandbox);
  await user.selectOptions(site, intranet.url);
  failing.refuse(offline);
  await drawn();
  expect(screen.queryByTestId("error")).toBeNull();
  expect(site.value).toBe(intranet.url);
});

test("once the last site is gone, nothing is planned for it", async () => {
  const { backend, emit } = await open();
  backend.listSites = async () => [];
  emit("sites-changed");
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(true));
  expect(screen.getByTestId<HTMLSelectElement>("site-select").selectedOptions[0]?.textContent).toBe("No site is connected");
});

test("while spaces and pages are read it says so, and also where there are none or they cannot be had", async () => {
  const { user, backend, requests } = await open({}, (backend) => {
    const { listSites } = backend;
    backend.listSites = async () => [...(await listSites()), intranet];
  });
  let spaces = later<{ key: string; name: string }[]>();
  let pages = later<PageRefView[]>();
  backend.listSpaces = () => spaces.answer;
  backend.listPages = () => pages.answer;
  const site = screen.getByTestId<HTMLSelectElement>("site-select");
  const sandbox = site.value;
  const space = () => screen.getByTestId<HTMLSelectElement>("space-select");
  const shown = () => [space().disabled, space().selectedOptions[0]?.textContent, screen.getByTestId("spaces-said").textContent];
  const said = () => screen.getByTestId("parent-said").textContent;
  for (const id of ["spaces-said", "parent-said"]) expect(screen.getByTestId(id).getAttribute("role")).toBe("status");

  await user.selectOptions(site, intranet.url);
  expect(shown()).toEqual([true, "Reading the spaces…", "Reading the spaces…"]);
  expect(said()).toBe("");
  await expectAccessible();
  spaces.give([]);
  await waitFor(() => expect(shown()).toEqual([true, "No space that you see", expect.stringMatching(/^This account sees no space/)]));
  expect(screen.getByTestId<HTMLInputElement>("parent-select").disabled).toBe(true);
  await expectAccessible();

  spaces = later();
  await user.selectOptions(site, sandbox);
  spaces.refuse(offline);
  await screen.findByTestId("error");
  await waitFor(() => expect(shown()).toEqual([true, "The spaces could not be listed", ""]));
  spaces = later();
  spaces.give([{ key: "OPS", name: "Operations" }]);
  await user.click(screen.getByTestId("trouble-retry"));
  await waitFor(() => expect(shown()).toEqual([false, "Operations (OPS)", ""]));
  expect(said()).toBe("Reading the pages…");
  // What fits is not said of pages that nobody knows yet, and the home page can be planned for.
  await user.type(screen.getByTestId("parent-select"), "Eng");
  expect(screen.queryByText("Nothing fits.")).toBeNull();
  await expectAccessible();
  await user.keyboard("{Escape}");
  pages.refuse(offline);
  await waitFor(() => expect(said()).toBe("The pages could not be listed"));
  pages = later();
  pages.give([{ id: "10", title: "Engineering", parentId: null }]);
  await user.click(screen.getByTestId("trouble-retry"));
  await waitFor(() => expect(said()).toBe(""));
  await user.type(screen.getByTestId("parent-select"), "Eng{Enter}");
  await user.click(screen.getByTestId("plan-button"));
  await waitFor(() => expect(requests.map(({ parentId }) => parentId)).toEqual(["10"]));
});

test("what becomes of a title that another page has is decided for one page", async () => {
  const openedLinks: string[] = [];
  const { user, requests } = await open({ takenTitle: true }, (backend) => {
    backend.openLink = async (url) => void openedLinks.push(url);
  });
  await user.click(screen.getByTestId("plan-button"));
  const row = await screen.findByTestId("title-choice");
  expect(row.textContent).toContain("The title “Setup” is another page's.");
  await expectAccessible();
  await user.click(within(row).getByTestId("title-open"));
  expect(openedLinks).toEqual(["http://localhost/wiki/pages/77"]);

  // Another title, and back to that of the file.
  expect(within(row).getByTestId<HTMLButtonElement>("title-use").disabled).toBe(true);
  await user.type(within(row).getByTestId("title-typed"), " Setting up {Enter}");
  await screen.findByText("Setting up");
  expect(requests[1]?.titles).toEqual([{ path: "guide/setup.md", title: "Setting up", pageId: null }]);
  expect(screen.getByTestId("title-choice").textContent).toContain("its file says “Setup”");
  await user.click(screen.getByTestId("title-own"));
  await screen.findByText("Setup (Guide)");
  expect(requests[2]?.titles).toEqual([{ path: "guide/setup.md", title: null, pageId: null }]);

  // That page, which is said as long as it is not published, and can be taken back.
  await user.click(screen.getByTestId("title-link"));
  await screen.findByTestId("title-unlink");
  expect(requests[3]?.titles).toEqual([{ path: "guide/setup.md", title: null, pageId: "77" }]);
  await expectAccessible();
  await user.click(screen.getByTestId("title-unlink"));
  await screen.findByTestId("title-link");
  expect(screen.queryByTestId("title-unlink")).toBeNull();

  // Another place is another decision.
  await user.selectOptions(screen.getByTestId("space-select"), "TEAM");
  await waitFor(() => expect(screen.queryAllByTestId("plan-step")).toEqual([]));
  await user.click(screen.getByTestId("plan-button"));
  await screen.findByTestId("title-link");
  expect(requests.at(-1)?.titles).toEqual([]);
});

test("how pages are made is said of one publish, and what was planned before is planned anew", async () => {
  const { user, requests } = await open();
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  expect(Object.values(requests[0]?.options ?? { none: true }).every((option) => option === null)).toBe(true);

  await user.click(screen.getByText("How pages are published"));
  await user.selectOptions(screen.getByTestId("publish-option-minorEdit"), "yes");
  await waitFor(() => expect(screen.queryAllByTestId("plan-step")).toEqual([]));
  for (const [name, chosen] of [
    ["setsLabels", "no"],
    ["pageWidth", "full"],
    ["editor", "legacy"],
    ["format", "adf"],
    ["folders", "yes"],
    ["keepOrder", "no"],
    ["keepPlace", "yes"],
    ["refusesTitles", "yes"],
    ["strict", "no"],
    ["verify", "yes"],
  ] as const) {
    await user.selectOptions(screen.getByTestId(`publish-option-${name}`), chosen);
  }
  await user.type(screen.getByTestId("publish-option-labels"), "handbook, , public");
  await user.type(screen.getByTestId("publish-option-titlePrefix"), "Handbook: ");
  await user.tab();
  await expectAccessible();
  await user.click(screen.getByTestId("plan-button"));
  await screen.findByTestId("plan-tells");
  expect(requests[1]?.options).toEqual({
    refusesTitles: true,
    titlePrefix: "Handbook: ",
    labels: ["handbook", "public"],
    setsLabels: false,
    minorEdit: true,
    pageWidth: "full",
    editor: "legacy",
    format: "adf",
    folders: true,
    keepOrder: false,
    keepPlace: true,
    verify: true,
    strict: false,
  });

  // And left to the repository and the settings again.
  await user.selectOptions(screen.getByTestId("publish-option-minorEdit"), "");
  await user.clear(screen.getByTestId("publish-option-labels"));
  await user.tab();
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  expect(requests[2]?.options).toMatchObject({ minorEdit: null, labels: null, titlePrefix: "Handbook: " });
});

test("an edit of a page from a repository at a host is saved as a patch, without a clone", async () => {
  const saved: string[] = [];
  const { user } = show({ git: { signedIn: true }, running: true }, (backend: Backend) => {
    const { planPublish, savePull } = backend;
    backend.planPublish = async (...given) => {
      const plan = await planPublish(...given);
      const other = plan.steps.map((step) => (step.conflict ? { ...step, index: 9, path: "guide/old.adoc", title: "Other" } : step));
      return { ...plan, steps: [...plan.steps, ...other.filter((step) => step.index === 9)] };
    };
    backend.savePull = (id, branch) => {
      saved.push(branch);
      return savePull(id, branch);
    };
  });
  await user.click((await screen.findAllByTestId("repository"))[0]!);
  await user.click(await screen.findByTestId("publish-this"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await user.click(screen.getByTestId("plan-button"));
  // What is no Markdown says why nothing is offered.
  expect((await screen.findByTestId("conflict-no-take")).textContent).toBe("Only a Markdown file can take their edit.");
  await user.click(screen.getByTestId("conflict-take"));
  const dialog = await screen.findByTestId("pull-dialog");
  expect((await within(dialog).findByTestId("pull-no-clone")).textContent).toContain("saved as a patch");
  expect(within(dialog).queryByTestId("pull-commit")).toBeNull();
  await expectAccessible();
  await user.click(within(dialog).getByTestId("pull-save"));
  await waitFor(() => expect(within(dialog).getByTestId("pull-done").textContent).toContain("/home/you/edit-of-old.patch"));
  expect(saved).toEqual(["edit-of-old"]);
});
