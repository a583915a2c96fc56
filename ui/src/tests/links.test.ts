import { cleanup, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import type { WantedView } from "../backend";
import { expectAccessible, show } from "./show";

afterEach(cleanup);

const file: WantedView = { id: "1", publication: null, isKnown: false, place: "git.acme.com", name: "docs/handbook" };

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
  const { user, backend } = show({ linked: { ...file, publication: "p1", isKnown: true, place: "DOCS on acme.atlassian.net" } });
  const found = vi.spyOn(backend, "findPublication");
  const applied = vi.spyOn(backend, "applyPlan");
  await screen.findByTestId("link-dialog");
  expect(found).not.toHaveBeenCalled();
  await expectAccessible();
  await user.click(screen.getByTestId("link-open"));
  await waitFor(() => expect(found).toHaveBeenCalledWith("p1"));
  expect(applied).not.toHaveBeenCalled();
});
