import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import type { ContentView, StepView } from "../backend";
import StepBadges from "../components/StepBadges.svelte";

afterEach(cleanup);

function step(content: ContentView): StepView {
  return {
    index: 0,
    kind: "create",
    title: "Guide",
    titleBefore: null,
    path: "guide/",
    depth: 0,
    url: null,
    moves: false,
    moved: null,
    reason: null,
    conflict: null,
    titleChoice: null,
    holdsEdit: false,
    attachments: [],
    labels: [], takesOff: [],
    content,
    format: null,
    readBy: null,
    editBy: null,
    problems: [],
  };
}

test("a folder and a blog post are named, and a page is not", () => {
  for (const [content, words] of [
    ["folder", "folder"],
    ["blogPost", "blog post"],
  ] as const) {
    render(StepBadges, { step: step(content) });
    screen.getByText(words);
    cleanup();
  }
  const { container } = render(StepBadges, { step: step("page") });
  expect(container.textContent?.trim()).toBe("");
});
