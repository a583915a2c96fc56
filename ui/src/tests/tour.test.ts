import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { PublishRequestView, SiteView } from "../backend";
import type { FakeOptions } from "../backend/fake";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

const step = () => screen.getByTestId("tour").dataset["step"];

async function begin(options: FakeOptions = {}, others: SiteView[] = []) {
  const requests: PublishRequestView[] = [];
  const opened: string[] = [];
  const shown = show(options, (backend) => {
    const plan = backend.planPublish;
    backend.planPublish = (request, progress) => {
      requests.push(request);
      return plan(request, progress);
    };
    const sites = backend.listSites;
    backend.listSites = async () => [...others, ...(await sites())];
    backend.openLink = async (url) => void opened.push(url);
  });
  await shown.user.click(await screen.findByTestId("try-sandbox"));
  await screen.findByTestId("tour");
  return { ...shown, requests, opened };
}

test("three steps lead from the files over the plan to a published page", async () => {
  const { user, requests, opened } = await begin();
  expect(step()).toBe("1");
  await expectAccessible();
  await user.click(screen.getByTestId("tour-next"));
  await screen.findAllByTestId("plan-step");
  expect(step()).toBe("2");
  expect(requests).toHaveLength(1);
  expect(requests[0]?.spaceKey).toBe("DOCS");
  await user.click(screen.getByTestId("tour-next"));
  await screen.findByTestId("report");
  await waitFor(() => expect(step()).toBe("3"));
  await expectAccessible();
  await user.click(screen.getByTestId("tour-next"));
  expect(opened).toHaveLength(1);
  await user.click(screen.getByTestId("tour-connect"));
  expect(screen.queryByTestId("tour")).toBeNull();
  expect(await screen.findByTestId("accounts")).toBeTruthy();
});

test("the sample goes to the sandbox alone, whatever else is connected", async () => {
  const { user, requests } = await begin({}, [{ url: "https://wiki.acme.com", name: "wiki.acme.com", product: "Data Center", user: "Mara", isSandbox: false }]);
  await user.click(screen.getByTestId("tour-next"));
  await screen.findAllByTestId("plan-step");
  const site = screen.getByTestId<HTMLSelectElement>("site-select");
  expect(site.selectedOptions[0]?.textContent).toContain("Sandbox");
  expect(requests[0]?.siteUrl).toBe(site.value);
});

test("every step can be skipped, and the tour ends where somebody says so", async () => {
  const { user, requests } = await begin();
  await user.click(screen.getByTestId("tour-skip"));
  expect(step()).toBe("2");
  expect(screen.getByTestId("tour-next").getAttribute("aria-disabled")).toBe("true");
  // It stays where the focus is, and does nothing yet.
  await user.click(screen.getByTestId("tour-next"));
  expect(step()).toBe("2");
  await user.click(screen.getByTestId("tour-skip"));
  expect(step()).toBe("3");
  expect(screen.queryByTestId("tour-skip")).toBeNull();
  await user.click(screen.getByTestId("tour-end"));
  expect(screen.queryByTestId("tour")).toBeNull();
  expect(requests).toEqual([]);
});

test("a tour that was left at its plan goes on there, and begins anew once it was gone through", async () => {
  const { user, requests } = await begin();
  await user.click(screen.getByTestId("tour-next"));
  await screen.findAllByTestId("plan-step");
  await user.click(screen.getByTestId("tour-end"));
  await user.click(screen.getByTestId("open-another"));
  await user.click(await screen.findByTestId("put-away-go"));
  const again = await screen.findByTestId("try-sandbox");
  expect(again.textContent).toBe("Go on");
  expect(screen.getByText("You left it at step 2 of 3.")).toBeTruthy();
  await expectAccessible();
  await user.click(again);
  await screen.findAllByTestId("plan-step");
  expect(step()).toBe("2");
  expect(requests.map(({ siteUrl, spaceKey }) => [siteUrl, spaceKey])).toEqual([requests[0], requests[0]].map((request) => [request?.siteUrl, "DOCS"]));
  await user.click(screen.getByTestId("tour-next"));
  await waitFor(() => expect(step()).toBe("3"));
  await user.click(screen.getByTestId("tour-end"));
  await user.click(screen.getByTestId("open-another"));
  expect((await screen.findByTestId("try-sandbox")).textContent).toBe("Try it with the sandbox");
});

test("whoever published without the tour begins it anew", async () => {
  const { user } = await begin();
  await user.click(screen.getByTestId("tour-next"));
  await screen.findAllByTestId("plan-step");
  await user.click(screen.getByTestId("tour-end"));
  await user.click(screen.getByTestId("publish-button"));
  await screen.findByTestId("report");
  await user.click(screen.getByTestId("open-another"));
  await user.click(await screen.findByText("Try it with the sandbox"));
  await screen.findByTestId("tour");
  expect(step()).toBe("1");
});

test("whoever goes by the buttons of the screen comes along too", async () => {
  const { user } = await begin();
  await user.click(screen.getByTestId("tour-skip"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await user.click(screen.getByTestId("plan-button"));
  await user.click(await screen.findByTestId("publish-button"));
  await waitFor(() => expect(step()).toBe("3"));
  await user.click(screen.getByTestId("open-another"));
  expect(screen.queryByTestId("tour")).toBeNull();
});
