/** What the look of a host is called, where hosts show a file by rules of their own. */
import { cleanup, screen, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { HostLookView } from "../backend";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

test.each<[HostLookView, string, string, string]>([
  ["github", "GitHub's look", "As GitHub shows it", "whichever host it is at"],
  ["gitlab", "Host's look", "As the host shows it", "the contents that GitLab fills in"],
  ["bitbucket", "Host's look", "As the host shows it", "HTML as words"],
  ["azure", "Host's look", "As the host shows it", "Mermaid between :::"],
])("the look is named after whose rules are known: %s", async (look, called, title, hint) => {
  const { user } = show({ git: { signedIn: true, look } });
  await user.click((await screen.findAllByTestId("repository"))[0]!);
  await screen.findByTestId("preview");
  const button = screen.getByTestId("view-host");
  expect([button.textContent, button.title]).toEqual([called, expect.stringContaining(hint)]);
  await user.click(button);
  expect(((await screen.findByTestId("preview-host")) as HTMLIFrameElement).title).toBe(title);
  expect(within(screen.getByTestId("views")).getByRole("button", { name: called }).getAttribute("aria-pressed")).toBe("true");
  const width = called === "GitHub's look" ? "Width of GitHub's look" : "Width of the host's look";
  expect(screen.getByRole("separator", { name: width })).toBeTruthy();
  await expectAccessible();
});
