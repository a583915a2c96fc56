import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import App from "../App.svelte";
import type { WantedView } from "../backend";
import { fake } from "../backend/fake";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

const file: WantedView = { id: "1", publication: null, isKnown: false, place: "git.acme.com", space: null, name: "docs/handbook" };
const publication: WantedView = { ...file, publication: "p1", isKnown: true, place: "acme.atlassian.net", space: "DOCS" };

test("a host that nobody was at is asked only when somebody agrees", async () => {
  const opened = vi.fn();
  const { user } = show({ linked: file }, (backend) => {
    const real = backend.openWanted;
    backend.openWanted = (id, agreed) => {
      opened(agreed);
      return real(id, agreed);
    };
  });
  await screen.findByTestId("link-dialog");
  expect(screen.getByTestId("link-place").textContent).toBe("git.acme.com");
  expect(opened).not.toHaveBeenCalled();
  await expectAccessible();
  await user.click(screen.getByTestId("link-open"));
  await waitFor(() => expect(opened).toHaveBeenCalledWith(true));
  await waitFor(() => expect(screen.queryByTestId("link-dialog")).toBeNull());
});

test("a link that nobody wants is left, and asks nobody", async () => {
  const { user, backend } = show({ linked: file });
  const opened = vi.spyOn(backend, "openWanted");
  await screen.findByTestId("link-dialog");
  await user.click(screen.getByTestId("link-leave"));
  await waitFor(() => expect(screen.queryByTestId("link-dialog")).toBeNull());
  expect(opened).not.toHaveBeenCalled();
  expect(await backend.showWanted()).toBeNull();
});

test("a file at a known host is shown without asking", async () => {
  const opened = vi.fn();
  show({ linked: { ...file, isKnown: true } }, (backend) => {
    const real = backend.openWanted;
    backend.openWanted = (id, agreed) => {
      opened(agreed);
      return real(id, agreed);
    };
  });
  await waitFor(() => expect(opened).toHaveBeenCalledWith(false));
  expect(screen.queryByTestId("link-dialog")).toBeNull();
});

test("a publication is always asked about, and only planned", async () => {
  const { user, backend } = show({ linked: publication });
  const found = vi.spyOn(backend, "findPublication");
  const applied = vi.spyOn(backend, "applyPlan");
  await screen.findByTestId("link-dialog");
  expect(screen.getByTestId("link-place").textContent).toBe("DOCS on acme.atlassian.net");
  expect(found).not.toHaveBeenCalled();
  await expectAccessible();
  await user.click(screen.getByTestId("link-open"));
  await waitFor(() => expect(found).toHaveBeenCalledWith("p1"));
  expect(applied).not.toHaveBeenCalled();
});

test("where a publication goes is said in the language of the window", async () => {
  render(App, { backend: fake({ linked: publication }), language: "de" });
  await waitFor(() => expect(screen.getByTestId("link-place").textContent).toBe("DOCS auf acme.atlassian.net"));
});

/** A window with a plan that nobody published, and what a link from elsewhere does there. */
async function planned() {
  let told = () => {};
  let linked: WantedView | null = null;
  const opened = vi.fn();
  const { user, backend } = show({ opened: true, running: true }, (backend) => {
    const { onChange, openVisit } = backend;
    backend.onChange = (event, call) => {
      if (event === "link-wanted") told = call;
      return onChange(event, call);
    };
    backend.showWanted = async () => linked;
    backend.dismissWanted = async () => void (linked = null);
    backend.openWanted = (_, agreed) => {
      opened(agreed);
      linked = null;
      return openVisit("https://github.com/acme/handbook", null);
    };
  });
  const follow = (link: WantedView) => {
    linked = link;
    told();
  };
  await user.click(await screen.findByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  return { user, backend, opened, follow };
}

test("a link asks before it puts away a plan that nobody published", async () => {
  const { user, opened, follow } = await planned();
  await user.click(screen.getByTestId("plan-button"));
  const steps = (await screen.findAllByTestId("plan-step")).length;
  const known: WantedView = { ...file, isKnown: true, place: "github.com", name: "acme/handbook" };
  follow(known);
  await screen.findByTestId("link-loses");
  await expectAccessible();
  expect(opened).not.toHaveBeenCalled();
  await user.click(screen.getByTestId("link-leave"));
  await waitFor(() => expect(screen.queryByTestId("link-dialog")).toBeNull());
  expect(screen.getAllByTestId("plan-step")).toHaveLength(steps);

  follow({ ...known, publication: "p1" });
  await screen.findByTestId("link-loses");
  await user.click(screen.getByTestId("link-leave"));

  follow(known);
  await user.click(await screen.findByTestId("link-open"));
  await waitFor(() => expect(opened).toHaveBeenCalledWith(true));
  await waitFor(() => expect(screen.queryAllByTestId("plan-step")).toEqual([]));
});

test("where nothing waits for a decision, a link opens at once", async () => {
  const { user, opened, follow } = await planned();
  await user.click(screen.getByTestId("plan-button"));
  await user.click(await screen.findByTestId("publish-button"));
  await screen.findByTestId("report");
  await user.keyboard("{Control>}o{/Control}");
  await screen.findByTestId("open-path");
  follow({ ...file, isKnown: true, place: "github.com", name: "acme/handbook" });
  await waitFor(() => expect(opened).toHaveBeenCalledWith(false));
  expect(screen.queryByTestId("link-dialog")).toBeNull();
});

test("whatever opens something else asks before it puts away a plan that nobody published", async () => {
  const { user } = await planned();
  const link = "https://github.com/acme/handbook/blob/main/README.md";
  const ways = [
    () => user.keyboard("{Control>}o{/Control}"),
    () => user.click(screen.getByTestId("open-another")),
    () => fireEvent.paste(document.body, { clipboardData: { getData: () => link } }),
    () => fireEvent.drop(document.body, { dataTransfer: { getData: () => link } }),
  ];
  await user.click(screen.getByTestId("plan-button"));
  const steps = (await screen.findAllByTestId("plan-step")).length;
  for (const open of ways) {
    await open();
    await screen.findByTestId("put-away");
    await expectAccessible();
    await user.click(screen.getByTestId("put-away-not"));
    await waitFor(() => expect(screen.queryByTestId("put-away")).toBeNull());
    expect(screen.getAllByTestId("plan-step")).toHaveLength(steps);
    expect(screen.queryByTestId("opening")).toBeNull();
  }
  await user.click(screen.getByTestId("open-another"));
  await user.click(await screen.findByTestId("put-away-go"));
  await screen.findByTestId("open-path");
  expect(screen.queryByTestId("put-away")).toBeNull();
});

test("a plan whose pages all stay as they are waits for nobody, and one with a page to decide about does", async () => {
  const { user, backend } = await planned();
  const { planPublish } = backend;
  let kinds = ["leave", "refuse"];
  backend.planPublish = async (...given) => {
    const plan = await planPublish(...given);
    return { ...plan, steps: plan.steps.filter(({ kind }) => kinds.includes(kind)) };
  };
  await user.click(screen.getByTestId("plan-button"));
  await screen.findByTestId("plan-step");
  await user.click(screen.getByTestId("open-another"));
  await user.click(await screen.findByTestId("put-away-not"));

  kinds = ["leave"];
  await user.click(screen.getByTestId("plan-button"));
  await screen.findByText("Every page says what its source says.");
  // Also where somebody looks at those that stay.
  await user.click(document.querySelector(".chip.leave") ?? document.body);
  await screen.findByTestId("plan-step");
  await user.click(screen.getByTestId("open-another"));
  await screen.findByTestId("open-path");
  expect(screen.queryByTestId("put-away")).toBeNull();
});

test("a link that was dropped on a rendered page, which keeps its drags to itself, is opened as any other", async () => {
  let told = () => {};
  let dropped: string | null = null;
  const { user } = show({ opened: true, running: true, git: { signedIn: true } }, (backend) => {
    const { onChange } = backend;
    backend.onChange = (event, call) => {
      if (event === "link-dropped") told = call;
      return onChange(event, call);
    };
    backend.takeDropped = async () => {
      const taken = dropped;
      dropped = null;
      return taken;
    };
  });
  const drop = (link: string | null) => {
    dropped = link;
    told();
  };
  // A plan that nobody published is asked about, as for every other way.
  await user.click(await screen.findByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  drop("https://git.acme.com/acme/handbook/-/blob/main/docs/setup.md#L10-12");
  await screen.findByTestId("put-away");
  // What is dropped while a dialog waits for its answer is left.
  drop("https://git.acme.com/acme/handbook/-/blob/main/README.md");
  await waitFor(() => expect(dropped).toBeNull());
  await user.click(screen.getByTestId("put-away-go"));
  await waitFor(() => expect(screen.getByTestId("source").textContent).toContain("Step 10: turn"));
  await waitFor(() => expect([...document.querySelectorAll<HTMLElement>("[data-chosen]")].map((line) => line.dataset["line"])).toEqual(["10", "11", "12"]));
  // Somebody else took it, or it is no link.
  for (const nothing of [null, "about:blank"]) {
    drop(nothing);
    await waitFor(() => expect(dropped).toBeNull());
    expect(screen.queryByTestId("opening")).toBeNull();
    expect(screen.queryByTestId("unopened")).toBeNull();
  }
});
