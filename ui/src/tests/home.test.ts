import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { PublishOptionsView, PublishRequestView } from "../backend";
import type { FakeOptions } from "../backend/fake";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

async function open(options: FakeOptions = {}) {
  const requests: PublishRequestView[] = [];
  const shown = show({ published: {}, running: true, ...options }, (backend) => {
    const plan = backend.planPublish;
    backend.planPublish = (request, progress) => {
      requests.push(request);
      return plan(request, progress);
    };
  });
  await screen.findByTestId("home-publications");
  return { ...shown, requests };
}

const lines = () => screen.getAllByTestId("home-publication");
const line = (at: number) => {
  const found = lines()[at];
  if (!found) throw new Error(`there are ${at + 1} publications`);
  return found;
};

test("what was published is at the start, the pinned first, with what is behind and edited", async () => {
  await open();
  await waitFor(() => expect(line(0).textContent).toContain("1 page behind"));
  expect(line(0).textContent).toContain("handbook");
  expect(line(0).textContent).toContain("1 edited by hand");
  expect(line(0).textContent).toContain("1 source gone");
  expect(line(1).textContent).toContain("1 page behind");
  expect(lines().map((one) => one.dataset["pinned"])).toEqual(["true", "false"]);
  await expectAccessible();
});

test("a pin is set and taken away, and puts its publication first", async () => {
  const { user } = await open();
  await user.click(within(line(1)).getByTestId("home-pin"));
  await waitFor(() => expect(lines().map((one) => one.dataset["pinned"])).toEqual(["true", "true"]));
  await user.click(within(line(0)).getByTestId("home-pin"));
  await waitFor(() => expect(line(0).textContent).toContain("services"));
});

test("one click plans all of a publication where it went before", async () => {
  const { user, requests } = await open();
  await user.click(within(line(0)).getByTestId("home-plan"));
  await screen.findAllByTestId("plan-step");
  expect(requests[0]).toMatchObject({ spaceKey: "DOCS", only: [] });
});

test("a publication waits for the page it is below, and is not planned for another place without it", async () => {
  let fails = true;
  const { user, requests, backend } = await open();
  const { findPublication, listPages } = backend;
  backend.findPublication = async (id) => ({ ...(await findPublication(id)), parentId: "10" });
  backend.listPages = async (...given) => {
    if (fails) throw { code: "offline", message: "The site could not be reached", remedy: null };
    return listPages(...given);
  };
  await user.click(within(line(0)).getByTestId("home-plan"));
  const again = await screen.findByTestId("trouble-retry");
  expect(screen.queryAllByTestId("plan-step")).toEqual([]);
  fails = false;
  await user.click(again);
  await screen.findAllByTestId("plan-step");
  expect(requests.map(({ spaceKey, parentId }) => [spaceKey, parentId])).toEqual([["DOCS", "10"]]);
});

test("how pages of a publication were made before is seen when it is planned again, and they are made so", async () => {
  const { user, requests, backend } = await open();
  const { findPublication } = backend;
  const before: Partial<PublishOptionsView> = { titlePrefix: "Handbook: ", minorEdit: true };
  backend.findPublication = async (id) => {
    const found = await findPublication(id);
    return { ...found, options: { ...found.options, ...before } };
  };
  await user.click(within(line(0)).getByTestId("home-plan"));
  await screen.findAllByTestId("plan-step");
  expect(requests[0]?.options).toMatchObject({ ...before, pageWidth: null });
  expect(screen.getByTestId<HTMLDetailsElement>("publish-options").open).toBe(true);
  expect(screen.getByTestId<HTMLInputElement>("publish-option-titlePrefix").value).toBe("Handbook: ");
  expect(screen.getByTestId<HTMLSelectElement>("publish-option-minorEdit").value).toBe("yes");
});

test("what is in the way of a publication since it was published last stands at it", async () => {
  await open({ published: { trouble: "`wiki.acme.com` could not be reached" } });
  await waitFor(() => expect(within(line(0)).getByTestId("home-trouble").textContent).toBe("Last publish: wiki.acme.com could not be reached"));
  expect(within(line(1)).queryByTestId("home-trouble")).toBeNull();
  await expectAccessible();
});

test("a site that is not reached, and a sandbox that does not run, are said", async () => {
  await open({ published: { fails: { code: "offline", message: "`wiki.acme.com` could not be reached", remedy: "Check the network" } } });
  await waitFor(() => expect(line(0).textContent).toContain("could not be reached"));
  await expectAccessible();
  cleanup();
  await open({ running: false });
  await waitFor(() => expect(line(0).textContent).toContain("the sandbox is not running"));
});

test("a site that is away is said at the start until it is back and asked again", async () => {
  let isAway = false;
  const { user, backend } = await open();
  const { listPublished } = backend;
  const asked: string[] = [];
  backend.listPublished = async (...given) => {
    asked.push(given[0]);
    if (isAway) throw { code: "offline", message: "`wiki.acme.com` could not be reached", remedy: "Check the network" };
    return listPublished(...given);
  };
  await waitFor(() => expect(line(0).textContent).toContain("1 page behind"));
  expect(screen.queryByTestId("home-again")).toBeNull();

  // Whoever comes back to the start sees what is there by then.
  isAway = true;
  await user.click(screen.getByTestId("audit-button"));
  await screen.findByTestId("audit");
  await user.click(screen.getByTestId("audit-button"));
  const again = await screen.findByTestId("home-again");
  for (const one of lines()) {
    expect(one.textContent).toContain("could not be reached");
    expect(one.textContent).not.toContain("1 page behind");
  }
  await expectAccessible();

  const before = asked.length;
  await user.click(again);
  await waitFor(() => expect(asked.length).toBe(before + 1));
  expect(line(0).textContent).toContain("could not be reached");
  isAway = false;
  await user.click(screen.getByTestId("home-again"));
  await waitFor(() => expect(line(0).textContent).toContain("1 page behind"));
  expect(document.body.textContent).not.toContain("could not be reached");
  expect(screen.queryByTestId("home-again")).toBeNull();
});

test("without publications the start is as it was; all pages are one click away", async () => {
  show();
  await screen.findByTestId("open-path");
  expect(screen.queryByTestId("home-publications")).toBeNull();
  cleanup();
  const { user } = await open();
  await user.click(screen.getByTestId("home-all"));
  await screen.findByTestId("publications");
});

test("a publication is published by itself once somebody wants that, and stays in sight for it", async () => {
  const { user } = await open({ published: { elsewhere: true } });
  const pinned = () => lines().map((one) => one.dataset["pinned"]);
  const keepUp = (at: number) => within(line(at)).getByTestId("home-keep-up");
  expect(pinned()).toEqual(["true", "false"]);
  await user.click(keepUp(1));
  await waitFor(() => expect(keepUp(1).getAttribute("aria-pressed")).toBe("true"));
  expect(pinned()).toEqual(["true", "true"]);
  expect(keepUp(0).getAttribute("aria-pressed")).toBe("false");
  await expectAccessible();

  // Not any more, and pinned still; without its pin it is not either.
  await user.click(keepUp(1));
  await waitFor(() => expect(keepUp(1).getAttribute("aria-pressed")).toBe("false"));
  expect(pinned()).toEqual(["true", "true"]);
  await user.click(keepUp(0));
  await waitFor(() => expect(keepUp(0).getAttribute("aria-pressed")).toBe("true"));
  await user.click(within(line(0)).getByTestId("home-pin"));
  await waitFor(() => expect(pinned()).toEqual(["true", "false"]));
  expect(keepUp(1).getAttribute("aria-pressed")).toBe("false");
  cleanup();

  // The sandbox is gone when the program is.
  await open();
  expect(screen.queryAllByTestId("home-keep-up")).toEqual([]);
});
