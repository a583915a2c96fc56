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

/** Colour contrast needs layout, which jsdom has not, and is judged in the real window (`tests/states.rs`);
 * the rest of axe's rules hold. Only what is wrong is described: naming what is right took as long again. */
export async function expectAccessible(): Promise<void> {
  const found = await axe.run(document.body, { iframes: false, resultTypes: ["violations"], rules: { "color-contrast": { enabled: false } } });
  expect(found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
}
