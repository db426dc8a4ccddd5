import { accountPickerPage } from "./accountPickerPage.js"
import { codePage } from "./codePage.js"
import { consentPage } from "./consentPage.js"
import { deviceConfirmationPage } from "./deviceConfirmationPage.js"
import type { Html } from "./Html.js"
import { newPasswordPage } from "./newPasswordPage.js"
import { signInPage } from "./signInPage.js"
import type { View } from "./View.js"

/** The page of a sign-in's next step. Its form is posted to the page's own address. */
export const stepPage = ({ step, ...view }: View): Html => {
  switch (step._tag) {
    case "PickAccount":
      return accountPickerPage({ ...view, step })
    case "EnterPassword":
      return signInPage({ ...view, step })
    case "EnterCode":
      return codePage({ ...view, step })
    case "ChangePassword":
      return newPasswordPage({ ...view, step })
    case "Consent":
      return consentPage({ ...view, step })
    case "ConfirmDevice":
      return deviceConfirmationPage({ ...view, step })
  }
}
