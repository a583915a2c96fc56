import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { show } from "./show";

afterEach(cleanup);

/** Waits until the focus is on a part, and says on which it is if it never comes. */
const focusIsOn = (part: () => HTMLElement) => waitFor(() => expect(document.activeElement).toBe(part()));
const heading = (name: string) => () => screen.getByRole("heading", { name, level: 1 });

test("a screen begins at its heading, and leaving it gives the focus back", async () => {
  const { user } = show({ opened: true, published: {}, running: true });
  const tree = await screen.findByTestId("tree");
  for (const [keys, name] of [["3", "Audit log"], ["4", "Accounts"], ["5", "Publications"], [",", "Settings"]] as const) {
    tree.focus();
    await user.keyboard(`{Control>}${keys}{/Control}`);
    await focusIsOn(heading(name));
    await user.keyboard("{Escape}");
    await focusIsOn(() => tree);
  }
  for (const name of ["publications", "accounts", "audit"]) {
    await user.click(screen.getByTestId(`${name}-button`));
    await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
    await user.click(await screen.findByTestId(`${name}-close`));
    await focusIsOn(() => screen.getByTestId(`${name}-button`));
  }
  // From one to the next, and back to where it began.
  tree.focus();
  await user.keyboard("{Control>}4{/Control}");
  await focusIsOn(heading("Accounts"));
  await user.keyboard("{Control>},{/Control}");
  await focusIsOn(heading("Settings"));
  await user.keyboard("{Escape}");
  await focusIsOn(() => tree);
});

test("a tab that is gone to by keys begins where it was left", async () => {
  const { user } = show({ opened: true, running: true });
  const tree = await screen.findByTestId("tree");
  tree.focus();
  await user.keyboard("{Control>}2{/Control}");
  await focusIsOn(heading("Publish"));
  screen.getByTestId("connect-button").focus();
  await user.keyboard("{Control>}1{/Control}");
  await focusIsOn(() => tree);
  await user.keyboard("{Control>}2{/Control}");
  await focusIsOn(() => screen.getByTestId("connect-button"));
  // Whoever pressed a tab stays on it.
  await user.click(screen.getByTestId("browse-tab"));
  await focusIsOn(() => screen.getByTestId("browse-tab"));
});

test("opening something, leaving it and the tour keep the focus in the window", async () => {
  const { user } = show();
  await user.type(await screen.findByTestId("open-path"), "~/handbook");
  await user.click(screen.getByTestId("open-button"));
  await screen.findByTestId("tree");
  await focusIsOn(heading("Browse"));
  await user.click(screen.getByTestId("open-another"));
  await focusIsOn(heading("Tributary"));
  await user.click(screen.getByTestId("try-sandbox"));
  await screen.findByTestId("tour");
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Step 1"));
  await user.click(screen.getByTestId("tour-next"));
  await focusIsOn(() => screen.getByTestId("tour-next"));
});

test("after a publish the focus is on how it ended, and a press beside everything lets go of it", async () => {
  const { user } = show({ opened: true, running: true });
  await user.click(await screen.findByTestId("publish-tab"));
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>("plan-button").disabled).toBe(false));
  await user.click(screen.getByTestId("plan-button"));
  await screen.findAllByTestId("plan-step");
  await focusIsOn(() => screen.getByTestId("plan-button"));
  await user.click(screen.getByTestId("publish-button"));
  await screen.findByTestId("report");
  await focusIsOn(() => screen.getByRole("heading", { name: "Published" }));
  await user.click(document.body);
  await user.click(screen.getByTestId("take-back"));
  await screen.findAllByTestId("plan-step");
  await user.click(document.body);
  expect(document.activeElement).toBe(document.body);
});
