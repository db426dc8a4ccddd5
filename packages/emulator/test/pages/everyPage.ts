/**
 * Every page there is, filled with one text wherever something comes from outside.
 */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as Directory from "../../src/directory/Directory.js"
import { devicePage } from "../../src/pages/devicePage.js"
import { formPostPage } from "../../src/pages/formPostPage.js"
import { homePage } from "../../src/pages/homePage.js"
import type { Html } from "../../src/pages/Html.js"
import { errorPage, messagePage } from "../../src/pages/messagePage.js"
import { requestLogPage } from "../../src/pages/requestLogPage.js"
import { stepPage } from "../../src/pages/stepPage.js"
import type { ShownStep } from "../../src/pages/View.js"
import { defaultScenario, fabrikam } from "../../src/scenario/defaultScenario.js"
import { Scenario } from "../../src/scenario/Scenario.js"
import type { RecordedRequest } from "../../src/state/RequestLog.js"

const defaultDirectory = Either.getOrThrow(Directory.make(Schema.decodeSync(Scenario)(defaultScenario)))

/** With nothing in it that the emulator chose itself. */
const fill = (directory: Directory.Directory, text: string): Directory.Directory => ({
  ...directory,
  tenants: directory.tenants.map((tenant) => ({ ...tenant, name: text })),
  people: directory.people.map((person) => ({ ...person, name: text, username: text, password: text, mfaCode: text })),
  scenario: {
    ...directory.scenario,
    apps: directory.scenario.apps.map((app) => ({
      ...app,
      name: text,
      secrets: app.secrets.map(() => text),
      identifierUris: app.identifierUris.map(() => text),
      permissions: app.permissions.map((permission) => ({ ...permission, name: text })),
      family: app.family === undefined ? undefined : text
    }))
  }
})

const required = <A>(value: A | undefined): A => {
  if (value === undefined) throw new Error("The default scenario lacks it.")
  return value
}

const requestsOf = (text: string): ReadonlyArray<RecordedRequest> =>
  [200, 303, 400, 503, undefined].map((status, index) => ({
    at: Date.UTC(2030, 0, 1, 12, 0, index),
    method: text,
    origin: text,
    path: text,
    query: [[text, text]],
    form: [[text, text]],
    grantType: text,
    correlationId: text,
    faults: status === 503 ? ["unavailable"] : [],
    refusal: status === 400 ? 50126 : undefined,
    status,
    answer: status === 400 ? [["error", text]] : [[text, text]]
  }))

const stepsOf = (text: string, alert: string | undefined) => {
  const { apps, people } = fill(defaultDirectory, text)
  const resource = { ...required(apps.find(({ permissions }) => permissions.length > 0)), name: text }
  const permissions = resource.permissions.map((permission) => ({ ...permission, name: text, description: text }))
  const view = {
    app: { ...required(apps[0]), name: text },
    authority: required(Directory.authority(defaultDirectory, fabrikam)),
    people,
    alert,
    scopes: { openId: ["openid", "profile", "email", "offline_access"], resource, permissions, granted: [] }
  }
  return { people, person: required(people[1]), permissions, show: (step: ShownStep) => stepPage({ ...view, step }) }
}

/** Pages that can tell what was wrong with an answer. */
const answerPages = (text: string, alert: string | undefined) => {
  const { person, show } = stepsOf(text, alert)
  return {
    signIn: show({ _tag: "EnterPassword", username: "" }),
    signInAgain: show({ _tag: "EnterPassword", username: person.username }),
    code: show({ _tag: "EnterCode", person }),
    newPassword: show({ _tag: "ChangePassword", person }),
    device: devicePage(alert === undefined ? {} : { alert })
  }
}

export const everyPageWithAlert = (text: string, alert: string): Readonly<Record<string, Html>> =>
  answerPages(text, alert)

export const everyPage = (text: string) => {
  const { people, permissions, person, show } = stepsOf(text, undefined)
  return {
    ...answerPages(text, undefined),
    accountPicker: show({ _tag: "PickAccount", people: people.slice(0, 2) }),
    consent: show({ _tag: "Consent", person, permissions }),
    deviceConfirmation: show({ _tag: "ConfirmDevice", person }),
    message: messagePage({ title: text, text }),
    error: errorPage({ code: 50_011, error: text, text, correlationId: text, traceId: text }),
    formPost: formPostPage(text, new URLSearchParams({ code: text, state: text })),
    home: homePage(fill(defaultDirectory, text), text),
    requestLog: requestLogPage(requestsOf(text)),
    emptyRequestLog: requestLogPage([])
  } satisfies Readonly<Record<string, Html>>
}
