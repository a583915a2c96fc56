/** What tests of the whole window share. */
import { render } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect } from "vitest";
import App from "../App.svelte";
import { fake, type FakeOptions } from "../backend/fake";
import type { Backend } from "../backend";
// What comes behind the first screen is compiled before a test waits for it.
import "../screens/later";

export function show(options: FakeOptions = {}, change: (backend: Backend) => void = () => undefined) {
  const backend = fake(options);
  change(backend);
  render(App, { backend });
  return { backend, user: userEvent.setup() };
}

/** Colour contrast needs layout, which jsdom has not; the rest of axe's rules hold. */
export async function expectAccessible(): Promise<void> {
  const found = await axe.run(document.body, { iframes: false, rules: { "color-contrast": { enabled: false } } });
  expect(found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
}
