import { webSecret } from "@grantwork/emulator/defaultScenario"
import { expect } from "vitest"
import { type Sample, sessionSecret } from "./sample.js"

/** Expects that no page sent until now tells a token, a code, a verifier, another secret, or where the code lies. */
export const expectNothingTold = ({ client, pages }: Sample): void => {
  expect(pages).not.toEqual([])
  for (const secret of [webSecret, sessionSecret, "node_modules", ...client.secrets]) {
    expect(pages.filter((page) => page.includes(secret))).toEqual([])
  }
}
