import { cleanup, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { NewNetwork } from "../backend";
import type { FakeNetwork } from "../backend/fakeNetwork";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

async function open(network: FakeNetwork = {}) {
  const saved: [NewNetwork, string | null][] = [];
  const shown = show({ opened: true, network }, (backend) => {
    const real = backend.changeNetwork;
    backend.changeNetwork = (chosen, password) => {
      saved.push([chosen, password]);
      return real(chosen, password);
    };
  });
  await screen.findByTestId("tree");
  await shown.user.keyboard("{Control>},{/Control}");
  await screen.findByTestId("network");
  return { ...shown, saved };
}

test("a proxy is chosen with its user, and its password is not left in the page", async () => {
  const { user, saved } = await open();
  expect(screen.queryByTestId("network-address")).toBeNull();
  await user.selectOptions(screen.getByTestId("network-proxy"), "manual");
  await user.type(screen.getByTestId("network-address"), "proxy");
  await user.type(screen.getByTestId("network-user"), "ada");
  await user.type(screen.getByTestId("network-password"), "open sesame");
  await user.type(screen.getByTestId("network-exceptions"), ".intern.acme.com\n\n10.0.0.0/8");
  await expectAccessible();
  await user.click(screen.getByTestId("network-save"));
  expect(await screen.findByText("That is not the address of a proxy")).toBeTruthy();
  expect((screen.getByTestId("network-password") as HTMLInputElement).value).toBe("");
  await user.clear(screen.getByTestId("network-address"));
  await user.type(screen.getByTestId("network-address"), "http://proxy.acme.com:8080");
  await user.click(screen.getByTestId("network-save"));
  await waitFor(() => expect(screen.getByTestId("network-saved").textContent).toContain("Saved"));
  expect(saved.map(([, password]) => password)).toEqual(["open sesame", null]);
  expect(saved.at(-1)?.[0]).toEqual({ proxy: "manual", address: "http://proxy.acme.com:8080", user: "ada", exceptions: [".intern.acme.com", "10.0.0.0/8"], caFiles: [] });
});

test("a script that chooses the proxy is named by its address", async () => {
  const { user, saved } = await open();
  await user.selectOptions(screen.getByTestId("network-proxy"), "script");
  expect(screen.queryByTestId("network-user")).toBeNull();
  await user.type(screen.getByTestId("network-script"), "proxy.pac");
  await expectAccessible();
  await user.click(screen.getByTestId("network-save"));
  expect(await screen.findByText("That is not the address of a script that chooses the proxy")).toBeTruthy();
  await user.clear(screen.getByTestId("network-script"));
  await user.type(screen.getByTestId("network-script"), "http://pac.acme.com/proxy.pac");
  await user.click(screen.getByTestId("network-save"));
  await waitFor(() => expect(screen.getByTestId("network-saved").textContent).toContain("Saved"));
  expect(saved.at(-1)?.[0]).toMatchObject({ proxy: "script", address: "http://pac.acme.com/proxy.pac" });
});

test("where the administrator chose, nobody else does", async () => {
  await open({ policy: true });
  expect((screen.getByTestId("network-proxy") as HTMLSelectElement).disabled).toBe(true);
  expect((screen.getByTestId("network-address") as HTMLInputElement).disabled).toBe(true);
  screen.getByTestId("network-policy");
  await expectAccessible();
});

test("a certificate is kept for a host and forgotten", async () => {
  const { user } = await open();
  const fill = async (passphrase: string) => {
    await user.clear(screen.getByTestId("certificate-host"));
    await user.type(screen.getByTestId("certificate-host"), "wiki.acme.com");
    await user.clear(screen.getByTestId("certificate-file"));
    await user.type(screen.getByTestId("certificate-file"), "/home/ada/ada.p12");
    if (passphrase) await user.type(screen.getByTestId("certificate-passphrase"), passphrase);
    await user.click(screen.getByTestId("certificate-keep"));
  };
  await fill("");
  expect(await screen.findByText(/behind a passphrase/)).toBeTruthy();
  await fill("correct horse");
  const forget = await screen.findByRole("button", { name: "Forget the certificate for wiki.acme.com" });
  expect((screen.getByTestId("certificate-passphrase") as HTMLInputElement).value).toBe("");
  await expectAccessible();
  await user.click(forget);
  await waitFor(() => expect(screen.queryByTestId("certificate-forget")).toBeNull());
});

test("the doctor's steps are shown with what fails and what to do", async () => {
  const { user } = await open({
    steps: [
      { subject: null, what: "Settings", state: "fine", message: "fine", remedy: null },
      { subject: null, what: "Links", state: "notice", message: "no program is registered", remedy: "Install the package" },
      { subject: "https://wiki.acme.com/", what: "TLS", state: "failed", message: "Nobody whom this machine trusts vouches for it", remedy: "Add the file" },
    ],
  });
  await user.click(screen.getByTestId("doctor-run"));
  await waitFor(() => expect(screen.getByTestId("doctor-said").textContent).toBe("One step failed. One note."));
  const steps = screen.getAllByTestId("doctor-step");
  expect(steps.map((step) => step.dataset["state"])).toEqual(["fine", "notice", "failed"]);
  within(screen.getByTestId("doctor-steps")).getByText("https://wiki.acme.com/");
  within(screen.getByTestId("doctor-steps")).getByText("Add the file");
  await expectAccessible();
});

test("the doctor tells while it looks, and why it could not", async () => {
  let go = (): void => undefined;
  let fails = true;
  const { user, backend } = await open();
  vi.spyOn(backend, "runDoctor").mockImplementation(async (_address, progress) => {
    progress({ subject: null, what: "Settings", state: "fine", message: "fine", remedy: null });
    await new Promise<void>((resolve) => (go = resolve));
    if (fails) throw { code: "storage", message: "`settings.toml` could not be read", remedy: "Look whether it is yours" };
  });
  await user.click(screen.getByTestId("doctor-run"));
  await waitFor(() => expect(screen.getAllByTestId("doctor-step")).toHaveLength(1));
  const said = screen.getByTestId("doctor-said");
  expect([said.textContent, screen.getByTestId<HTMLButtonElement>("doctor-run").disabled]).toEqual(["Looking…", true]);
  await expectAccessible();
  go();
  expect((await screen.findByTestId("error")).textContent).toContain("Look whether it is yours");
  expect([said.textContent, screen.getByTestId<HTMLButtonElement>("doctor-run").disabled]).toEqual(["", false]);
  await expectAccessible();
  fails = false;
  await user.click(screen.getByTestId("doctor-run"));
  await waitFor(() => expect(said.textContent).toBe("Looking…"));
  go();
  await waitFor(() => expect(said.textContent).toBe("Everything works."));
  expect(screen.queryByTestId("error")).toBeNull();
});

test("diagnostics are copied, and crashes are written down only when somebody says so", async () => {
  const { user, backend } = await open();
  const written = vi.spyOn(backend, "changeCrashReports").mockRejectedValueOnce({ code: "storage", message: "The file could not be written", remedy: null });
  const crashes = await screen.findByTestId<HTMLInputElement>("crash-reports");
  const part = within(screen.getByRole("region", { name: "Privacy" }));
  expect(part.getByTestId("crash-reports")).toBe(crashes);
  expect(crashes.checked).toBe(false);
  await user.click(crashes);
  await part.findByText("The file could not be written");
  expect(crashes.checked).toBe(false);
  await user.click(crashes);
  expect(written.mock.calls).toEqual([[true], [true]]);
  await waitFor(() => expect(part.queryByText("The file could not be written")).toBeNull());
  expect(crashes.checked).toBe(true);
  await user.click(screen.getByTestId("diagnostics-copy"));
  expect((await screen.findByTestId("diagnostics")).textContent).toContain("Tributary 0.1.0");
  await waitFor(() => expect(screen.getByTestId("diagnostics-said").textContent).toBe("Diagnostics copied."));
  expect(await navigator.clipboard.readText()).toContain("Tributary 0.1.0");
  await expectAccessible();
});

test("how much is written into the log is chosen, and its folder opened", async () => {
  const { user, backend } = await open();
  const chosen = vi.spyOn(backend, "changeLog");
  const opened = vi.spyOn(backend, "openStored");
  const level = await within(screen.getByRole("region", { name: "Advanced" })).findByTestId<HTMLSelectElement>("log-level");
  expect(level.value).toBe("errors");
  await user.selectOptions(level, "everything");
  expect(chosen).toHaveBeenCalledWith("everything");
  await user.click(screen.getByTestId("log-folder"));
  expect(opened).toHaveBeenCalled();
  await expectAccessible();
});

test("a log level that could not be kept or read is no other one", async () => {
  let fails = true;
  const { user, backend } = show({ opened: true }, (backend) => {
    const { showNetwork } = backend;
    backend.showNetwork = async () => {
      if (fails) throw { code: "storage", message: "`settings.toml` could not be read", remedy: null };
      return showNetwork();
    };
  });
  await screen.findByTestId("tree");
  await user.keyboard("{Control>},{/Control}");
  const part = within(await screen.findByRole("region", { name: "Advanced" }));
  const again = await part.findByTestId("trouble-retry");
  expect(part.queryByTestId("log-level")).toBeNull();
  expect(within(screen.getByRole("region", { name: "Privacy" })).queryByTestId("crash-reports")).toBeNull();
  await expectAccessible();
  fails = false;
  await user.click(again);
  const level = await part.findByTestId<HTMLSelectElement>("log-level");
  vi.spyOn(backend, "changeLog").mockRejectedValueOnce({ code: "storage", message: "The file could not be written", remedy: null });
  await user.selectOptions(level, "off");
  await part.findByText("The file could not be written");
  expect(level.value).toBe("errors");
});

test("a certificate's file is chosen, and a password is unchanged only where one may be kept", async () => {
  const { user } = await open();
  await user.click(screen.getByTestId("certificate-choose"));
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("certificate-file").value).toBe("/home/you/certificates/ada.p12"));
  await user.selectOptions(screen.getByTestId("network-proxy"), "manual");
  const hint = () => screen.getByTestId<HTMLInputElement>("network-password").placeholder;
  await user.type(screen.getByTestId("network-address"), "http://proxy.acme.com:8080");
  await user.type(screen.getByTestId("network-user"), "ada");
  expect(hint()).toBe("");
  await user.click(screen.getByTestId("network-save"));
  await waitFor(() => expect(hint()).toBe("unchanged"));
  await user.type(screen.getByTestId("network-user"), "x");
  expect(hint()).toBe("");
});

test("who receives something is told as it is set, also right after a change", async () => {
  const { user } = await open();
  const told = () => within(screen.getByTestId("recipients")).getAllByRole("listitem").map((item) => item.textContent?.trim() ?? "");
  expect(told()).toHaveLength(2);
  await user.selectOptions(screen.getByTestId("network-proxy"), "script");
  await user.type(screen.getByTestId("network-script"), "http://pac.acme.com/proxy.pac");
  await user.click(screen.getByTestId("network-save"));
  await waitFor(() => expect(told()).toContain("http://pac.acme.com/proxy.pac, which has the script for the proxy"));
});

test("a server of one's own draws diagrams, who gets their texts is said, and no longer when it is taken away", async () => {
  const { user } = await open();
  const part = screen.getByTestId("diagram-server").closest("section")!;
  expect(part.textContent).toContain("the whole text of those diagrams and of every PlantUML diagram is sent there, also when a file is only looked at");
  expect(part.textContent).toContain("no repository can name a server");
  await user.type(screen.getByTestId("diagram-server"), "kroki");
  await expectAccessible();
  await user.click(screen.getByTestId("diagram-server-save"));
  expect(await screen.findByText("That is not the address of a server of diagrams")).toBeTruthy();
  expect([screen.getByTestId("diagram-server-saved").textContent, screen.getByTestId<HTMLInputElement>("diagram-server").value]).toEqual(["", "kroki"]);
  await user.clear(screen.getByTestId("diagram-server"));
  await user.type(screen.getByTestId("diagram-server"), "https://kroki.acme.com{Enter}");
  await waitFor(() => expect(screen.getByTestId("diagram-server-saved").textContent).toBe("Saved. Diagrams are sent there from now on."));
  expect(screen.getByTestId<HTMLInputElement>("diagram-server").value).toBe("https://kroki.acme.com/");
  expect(screen.queryByText("That is not the address of a server of diagrams")).toBeNull();
  await waitFor(() => expect(screen.getByTestId("recipients").textContent).toContain("https://kroki.acme.com/, which gets the text of every PlantUML diagram"));
  await user.clear(screen.getByTestId("diagram-server"));
  await user.click(screen.getByTestId("diagram-server-save"));
  await waitFor(() => expect(screen.getByTestId("diagram-server-saved").textContent).toBe("Saved. No diagram is sent anywhere."));
  await waitFor(() => expect(screen.getByTestId("recipients").textContent).not.toContain("kroki"));
});

test("everybody who receives something is named", async () => {
  show({
    opened: true,
    network: { policy: true, diagramServer: "https://kroki.acme.com/" },
    updates: { chosen: { address: "https://get.acme.com/tributary/", key: "k", schedule: "daily" }, namedBy: "user" },
    forwarding: { to: "udp://logs.acme.com:514", waiting: 0 },
  });
  await screen.findByTestId("tree");
  await userEvent.keyboard("{Control>},{/Control}");
  const list = await screen.findByTestId("recipients");
  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(6));
  for (const one of ["http://proxy.acme.com:8080/", "https://kroki.acme.com/", "https://get.acme.com/tributary/, for newer versions: every day", "udp://logs.acme.com:514"]) {
    expect(list.textContent).toContain(one);
  }
});
