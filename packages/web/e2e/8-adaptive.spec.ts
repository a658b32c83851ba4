import { playsEverywhere, stopsWhenRevoked, uploadAdaptive } from "./adaptive.ts";
import { signIn, test } from "./members.ts";
import { expect } from "./person.ts";

test("plays every level behind the public proxy and in every place, and stops when its link is revoked", async ({
  page,
  browser,
}) => {
  test.setTimeout(300_000);
  await signIn(page, "ann");
  const path = await uploadAdaptive(page, "ladder");
  await page.goto(path);
  await expect(page.locator("article")).toHaveAttribute("data-status", "complete", {
    timeout: 60_000,
  });
  const context = await browser.newContext();
  const visitor = await context.newPage();
  await playsEverywhere(page, path, visitor);
  await stopsWhenRevoked(page, path, await context.newPage());
  await context.close();
});
