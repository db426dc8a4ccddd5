/**
 * What Microsoft's error numbers mean, and what to do about them.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
import * as Option from "effect/Option"

/** @category models */
export interface Explanation {
  readonly meaning: string
  readonly remedy: string
}

const signIn = "Sign in interactively."
const signInWithClaims = "Sign in interactively, passing on the claims if there are any."
const askAgain = "Ask for them again."
const registration = "Correct the application's registration."
const checkAuthority = "Check the tenant in the authority."
const administrator = "Ask the tenant's administrator."

const explanations: Readonly<Record<number, Explanation>> = {
  16000: {
    meaning: "Several accounts are signed in, and none was chosen.",
    remedy: "Sign in with prompt select_account."
  },
  28002: { meaning: "A scope is malformed.", remedy: "Correct the scopes." },
  28003: { meaning: "No scope was asked for.", remedy: "Pass at least one scope." },
  50005: { meaning: "The platform of this device is not allowed by a policy.", remedy: administrator },
  50011: { meaning: "The redirect URI is not registered for the application.", remedy: registration },
  50012: {
    meaning: "The client's assertion or certificate is not accepted.",
    remedy: "Check the certificate and the key."
  },
  50013: { meaning: "The assertion is expired, or was issued to somebody else.", remedy: "Get a new one." },
  50020: {
    meaning: "The account belongs to another tenant, and is no guest in this one.",
    remedy: "Sign in with another account, or have this one invited."
  },
  50034: { meaning: "Nobody has this username in the tenant.", remedy: askAgain },
  50053: {
    meaning: "The account is locked after too many wrong passwords, or the address is blocked.",
    remedy: "Wait, or reset the password."
  },
  50055: { meaning: "The password is expired.", remedy: "Sign in interactively to change it." },
  50056: { meaning: "The account has no password here, or a wrong one.", remedy: askAgain },
  50057: { meaning: "The account is disabled.", remedy: administrator },
  50058: { meaning: "Nobody is signed in in the browser.", remedy: "Sign in without prompt none." },
  50059: { meaning: "No tenant was named.", remedy: checkAuthority },
  50072: { meaning: "The person has to register a second factor.", remedy: signInWithClaims },
  50074: { meaning: "A second factor is demanded.", remedy: signInWithClaims },
  50076: { meaning: "A second factor is demanded, for the place or by a policy.", remedy: signInWithClaims },
  50078: { meaning: "The second factor is too long ago.", remedy: signInWithClaims },
  50079: { meaning: "The person has to register a second factor.", remedy: signInWithClaims },
  50089: { meaning: "The sign-in took too long.", remedy: signIn },
  50097: { meaning: "The device has to prove itself.", remedy: signInWithClaims },
  50105: { meaning: "The person is not assigned to the application.", remedy: administrator },
  50126: { meaning: "The username or the password is wrong.", remedy: askAgain },
  50128: { meaning: "No such tenant.", remedy: checkAuthority },
  50129: { meaning: "The device is not joined to the workplace.", remedy: administrator },
  50131: { meaning: "The device is not in the state that a policy demands.", remedy: administrator },
  50132: { meaning: "The session was revoked, or the password was changed.", remedy: signIn },
  50133: { meaning: "The session is expired.", remedy: signIn },
  50140: { meaning: "The person was asked whether to stay signed in.", remedy: signIn },
  50144: { meaning: "The password in Active Directory is expired.", remedy: "Sign in interactively to change it." },
  50158: { meaning: "Another provider's proof of identity is demanded.", remedy: signInWithClaims },
  50173: { meaning: "The refresh token was issued before the password was changed, or was revoked.", remedy: signIn },
  50194: { meaning: "The application is for one tenant only.", remedy: "Name the tenant in the authority." },
  50196: { meaning: "The application asks for the same again and again.", remedy: "Cache tokens, and ask less often." },
  53000: { meaning: "The device does not comply with the tenant's policy.", remedy: administrator },
  53001: { meaning: "The device is not joined to the domain.", remedy: administrator },
  53002: { meaning: "The application is not approved by the tenant's policy.", remedy: administrator },
  53003: { meaning: "A conditional access policy blocks the sign-in.", remedy: administrator },
  53004: {
    meaning: "The person has to register a second factor first, which is blocked as risky.",
    remedy: administrator
  },
  65001: { meaning: "Consent is missing.", remedy: "Sign in interactively, or have an administrator consent." },
  65004: { meaning: "The person declined to consent.", remedy: "Offer to sign in again." },
  65005: { meaning: "The application asks for a permission that it is not registered for.", remedy: registration },
  70000: { meaning: "The grant is malformed, expired or revoked.", remedy: signIn },
  70001: { meaning: "The application is not in the tenant.", remedy: "Check the client id and the tenant." },
  70008: { meaning: "The refresh token or the code is expired for lack of use.", remedy: signIn },
  70011: { meaning: "A scope is unknown or malformed.", remedy: "Correct the scopes." },
  70016: { meaning: "The person has not entered the device code yet.", remedy: "Go on asking." },
  70019: { meaning: "The device code is expired.", remedy: "Begin again." },
  70020: { meaning: "The device code is expired.", remedy: "Begin again." },
  70043: { meaning: "The refresh token is expired by the tenant's sign-in frequency.", remedy: signIn },
  70044: { meaning: "The session is expired by the tenant's sign-in frequency.", remedy: signIn },
  90002: { meaning: "No such tenant.", remedy: checkAuthority },
  90014: { meaning: "A parameter is missing.", remedy: "Check what was asked for." },
  90019: { meaning: "No tenant was named.", remedy: checkAuthority },
  90033: { meaning: "The service is unavailable for the moment.", remedy: "Try again later." },
  90072: {
    meaning: "The account belongs to another tenant, and is no guest in this one.",
    remedy: "Sign in with another account, or have this one invited."
  },
  90094: { meaning: "An administrator has to consent.", remedy: "Have an administrator consent." },
  135010: { meaning: "No such key.", remedy: registration },
  240001: { meaning: "The person may not register devices.", remedy: administrator },
  500011: {
    meaning: "The resource is not in the tenant.",
    remedy: "Check the resource in the scopes, and that the tenant knows it."
  },
  500021: { meaning: "The tenant is not allowed by a policy of the network.", remedy: administrator },
  500133: { meaning: "The assertion is not valid at this time.", remedy: "Check this machine's clock." },
  500207: {
    meaning: "The account cannot be used for this resource.",
    remedy: "Check the authority, and whether the protocol mode fits."
  },
  530003: { meaning: "The device has to be managed by the tenant.", remedy: administrator },
  530032: { meaning: "A security policy of the tenant blocks the sign-in.", remedy: administrator },
  650052: { meaning: "The tenant lacks a service that the application needs.", remedy: administrator },
  650053: { meaning: "The resource has no such permission.", remedy: "Correct the scopes." },
  650057: { meaning: "The resource is not among the application's permissions.", remedy: registration },
  700003: { meaning: "The device is not known any more.", remedy: administrator },
  700016: { meaning: "The application is not in the tenant.", remedy: "Check the client id and the tenant." },
  700024: { meaning: "The client's assertion is not valid at this time.", remedy: "Check this machine's clock." },
  700025: {
    meaning: "A public client must not send a credential.",
    remedy: "Leave out the credential, or correct the registration."
  },
  700027: {
    meaning: "The client's assertion is signed with a key that is not registered.",
    remedy: "Register the certificate, or sign with the registered one."
  },
  700030: { meaning: "The certificate is not issued for the registered subject.", remedy: registration },
  700051: { meaning: "The response type is not enabled for the application.", remedy: registration },
  700081: { meaning: "The refresh token has reached the end of its life.", remedy: signIn },
  700082: { meaning: "The refresh token is expired for lack of use.", remedy: signIn },
  700084: { meaning: "The refresh token, issued to a single-page application, is expired.", remedy: signIn },
  700213: { meaning: "No federated credential of the application fits the assertion's subject.", remedy: registration },
  900023: { meaning: "No such tenant.", remedy: checkAuthority },
  900144: {
    meaning: "A parameter is missing.",
    remedy: "Check the authority, and whether the provider is of the kind it is taken for."
  },
  900382: {
    meaning: "The request is for a confidential client in another cloud.",
    remedy: "Check the authority's cloud."
  },
  900383: { meaning: "The tenant is in another cloud.", remedy: "Check the authority's cloud." },
  900971: { meaning: "The application has no reply address.", remedy: registration },
  7000112: { meaning: "The application is disabled.", remedy: administrator },
  7000114: { meaning: "The application may not act on behalf of people.", remedy: registration },
  7000215: {
    meaning: "The client secret is wrong.",
    remedy: "Pass the secret's value, not its id, and see that it is not expired."
  },
  7000216: { meaning: "The client has to prove itself.", remedy: "Pass a secret, a certificate or an assertion." },
  7000218: {
    meaning: "The client has to prove itself.",
    remedy: "Pass a secret, a certificate or an assertion; or allow public client flows in the registration."
  },
  7000222: { meaning: "The client secret is expired.", remedy: "Make a new one in the registration." }
}

/**
 * The first of these numbers that is known.
 *
 * @category getters
 */
export const explain = (errorCodes: ReadonlyArray<number>): Option.Option<Explanation> =>
  Option.fromNullable(errorCodes.map((code) => explanations[code]).find((one) => one !== undefined))
