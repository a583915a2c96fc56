/** Styles that are computed once for many elements are those that jsdom computes for each. */
import { cleanup, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { show } from "./show";
import { byItself } from "./styles";

afterEach(cleanup);

/** The elements whose styles differ from what jsdom computes by itself, and how many there are. */
function compare(): { seen: number; others: string[] } {
  const all = [...document.querySelectorAll("*")];
  const others = all.filter((element) => {
    const [once, alone] = [getComputedStyle(element), byItself(element)];
    return once.cssText !== alone.cssText;
  });
  return { seen: all.length, others: others.map((element) => element.outerHTML.slice(0, 200)) };
}

test("what is computed once is what jsdom computes for every element, before and after something changed", async () => {
  const { user } = show({ opened: true, running: true, published: {}, accounts: ["ok", "expiring"] });
  await screen.findByTestId("tree");
  const first = compare();
  expect(first.others).toEqual([]);
  expect(first.seen).toBeGreaterThan(100);
  await user.click(screen.getByTestId("accounts-button"));
  await screen.findAllByTestId("account");
  expect(compare().others).toEqual([]);
  await user.click(screen.getByTestId("sign-in-button"));
  await screen.findByTestId("sign-in-dialog");
  expect(compare().others).toEqual([]);
});

test("a change of a style, an attribute, a sheet or the focus is seen at once", () => {
  document.body.innerHTML = "<p class='a'><button>One</button></p>";
  const [around, button] = [document.querySelector("p")!, document.querySelector("button")!];
  const shown = () => [getComputedStyle(button).visibility, getComputedStyle(around).display];
  expect(shown()).toEqual(["visible", "block"]);
  around.style.visibility = "hidden";
  expect(shown()).toEqual(["hidden", "block"]);
  around.removeAttribute("style");
  around.hidden = true;
  expect(shown()).toEqual(["visible", "none"]);
  around.hidden = false;
  const sheet = document.head.appendChild(document.createElement("style"));
  sheet.textContent = ".a { visibility: hidden } .b, p:is(.c, .d) > button { visibility: collapse } p:focus-within { display: flex }";
  expect(shown()).toEqual(["hidden", "block"]);
  around.className = "d";
  expect(shown()).toEqual(["collapse", "block"]);
  button.focus();
  expect(shown()).toEqual(["collapse", "flex"]);
  sheet.remove();
  expect(shown()).toEqual(["visible", "block"]);
  document.body.innerHTML = "";
});
