import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { FakeUpdates } from "../backend/fakeUpdates";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

const offers = { version: "0.2.0", notes: "Faster.", page: "https://downloads.acme.com/tributary/" };

async function open(updates: FakeUpdates) {
  const shown = show({ opened: true, updates });
  await screen.findByTestId("tree");
  await shown.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("update-running");
  return shown;
}
const text = (id: string) => screen.getByTestId(id).textContent ?? "";

test("without a channel nobody looks, and one that is not secured is refused", async () => {
  const { user } = await open({});
  expect((screen.getByTestId("update-look") as HTMLButtonElement).disabled).toBe(true);
  expect(text("update-said")).toContain("Nobody said where");
  await user.type(screen.getByTestId("update-address"), "http://downloads.acme.com/latest.json");
  await user.type(screen.getByTestId("update-key"), "RWsomething");
  await user.click(screen.getByTestId("update-save"));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("Updates are fetched over https and without a user only"));
  expect(text("update-saved")).toBe("");
  await expectAccessible();
});

test("a newer version is found, told of and put in place", async () => {
  const { user } = await open({ offers });
  await user.type(screen.getByTestId("update-address"), "https://downloads.acme.com/latest.json");
  await user.type(screen.getByTestId("update-key"), "RWsomething");
  await user.selectOptions(screen.getByTestId("update-schedule"), "weekly");
  await user.click(screen.getByTestId("update-save"));
  await waitFor(() => expect(text("update-saved")).toContain("Saved"));
  await user.click(screen.getByTestId("update-look"));
  expect((await screen.findByTestId("update-offer")).textContent).toContain("Faster.");
  await expectAccessible();
  await user.click(screen.getByTestId("update-install"));
  expect((await screen.findByTestId("update-in-place")).textContent).toContain("0.2.0");
  expect(screen.queryByTestId("update-install")).toBeNull();
});

test("what is refused is told, and can be tried again", async () => {
  const fails = { code: "forbidden", message: "What `downloads.acme.com` sent is not the newer version that was signed", remedy: "Nothing was changed. Try again" };
  const { user } = await open({ namedBy: "build", found: offers, fails });
  await user.click(screen.getByTestId("update-install"));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain(fails.message.replaceAll("`", "")));
  expect(screen.queryByTestId("update-in-place")).toBeNull();
  expect((screen.getByTestId("update-install") as HTMLButtonElement).disabled).toBe(false);
});

test("what is found by the clock leaves what was typed and told", async () => {
  const calls: (() => void)[] = [];
  const { user } = show({ opened: true, updates: { namedBy: "build", found: offers, fails: { code: "forbidden", message: "It was changed", remedy: "" } } }, (backend) => {
    backend.onChange = (event, call) => {
      if (event === "update-found") calls.push(call);
      return Promise.resolve(() => undefined);
    };
  });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("update-running");
  await user.type(screen.getByTestId("update-address"), "https://it.acme.com/");
  await user.click(screen.getByTestId("update-install"));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("It was changed"));
  calls.forEach((call) => call());
  await new Promise((resolve) => setTimeout(resolve));
  expect(screen.getByRole("alert").textContent).toContain("It was changed");
  expect((screen.getByTestId("update-address") as HTMLInputElement).value).toBe("https://it.acme.com/");
});

test("a package is updated by its package manager, and nobody looks where it is forbidden", async () => {
  const { user } = await open({ namedBy: "build", installed: "package", offers });
  await user.click(screen.getByTestId("update-look"));
  await screen.findByTestId("update-offer");
  screen.getByTestId("update-package");
  expect(screen.queryByTestId("update-install")).toBeNull();
  cleanup();
  await open({ forbidden: "This program does not look for updates of itself, says the policy of this machine" });
  expect(text("update-forbidden")).toContain("policy");
  expect(screen.queryByTestId("update-look")).toBeNull();
  cleanup();
  const named = { address: "https://it.acme.com/latest.json", key: "RWx", schedule: "byHand" as const };
  await open({ namedBy: "administrator", chosen: named });
  screen.getByTestId("update-policy");
  expect((screen.getByTestId("update-address") as HTMLInputElement).disabled).toBe(true);
  await expectAccessible();
});

test("what was found by the clock is told in front of everything, once", async () => {
  const calls = new Map<string, () => void>();
  const { user } = show({ opened: true, updates: { namedBy: "build", found: offers } }, (backend) => {
    backend.onChange = (event, call) => {
      calls.set(event, call);
      return Promise.resolve(() => undefined);
    };
  });
  await screen.findByTestId("tree");
  // Found before the window was there, and again later.
  await user.click(await screen.findByTestId("newer-later"));
  expect(screen.queryByTestId("newer")).toBeNull();
  calls.get("update-found")?.();
  expect((await screen.findByTestId("newer")).textContent).toContain("0.2.0");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Show the new version" }));
  await screen.findByTestId("update-offer");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("update-look")));
  expect(screen.queryByTestId("newer")).toBeNull();
});
