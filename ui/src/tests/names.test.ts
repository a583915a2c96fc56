/** Names that are no UTF-8, as a repository at a host has them. */
import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { ItemView } from "../backend";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

test("a name that is no UTF-8 is told from one that the host does not tell, of files and of folders", async () => {
  const items: ItemView[] = [
    { name: "caf\\xE9", kind: "folder", isStrange: true },
    { name: "gr\ufffdn", kind: "folder", isStrange: true },
    { name: "plain", kind: "folder" },
    { name: "caf\\xE9.md", kind: "file", size: 7, isStrange: true },
    { name: "gr\ufffdn.md", kind: "file", size: 7, isStrange: true },
    { name: "plain.md", kind: "file", size: 7 },
  ];
  const { user } = show({ git: { signedIn: true } }, (backend) => {
    const list = backend.listFolder;
    backend.listFolder = async (id, folder) => ({ ...(await list(id, "")), items: folder === "" ? items : [] });
  });
  await user.click((await screen.findAllByTestId("repository"))[0]!);
  await screen.findByTestId("visit");
  const noted = async (path: string) => {
    const found = () => [...document.querySelectorAll<HTMLElement>("[data-path]")].find((one) => one.dataset["path"] === path);
    const row = await waitFor(() => found() ?? expect.fail(`no row ${path}`));
    return [row.title, row.textContent];
  };
  const strange = "the name is not valid UTF-8";
  const untold = "the host does not tell the name, which is not valid UTF-8";
  for (const [path, note] of [["caf\\xE9", strange], ["gr\ufffdn", untold], ["caf\\xE9.md", strange], ["gr\ufffdn.md", untold]] as const) {
    const [title, text] = await noted(path);
    expect(title).toBe(`${path}\n${note}`);
    expect(text).toContain(`(${note})`);
  }
  expect(await noted("plain")).toEqual(["plain", expect.not.stringContaining("name")]);
  expect(await noted("plain.md")).toEqual(["plain.md", expect.not.stringContaining("name")]);
  await expectAccessible();
});
