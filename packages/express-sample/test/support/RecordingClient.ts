import {
  type AuthCodeFlow,
  type AuthCodeFlowRequest,
  type AuthCodeFlowResponse,
  ConfidentialClientApplication,
  type SilentRequest,
  type TokenResult
} from "@grantwork/promise"

/** A client that notes every secret that passes through it. */
export class RecordingClient extends ConfidentialClientApplication {
  readonly secrets = new Set<string>()

  override async initiateAuthCodeFlow(request: AuthCodeFlowRequest): Promise<AuthCodeFlow> {
    const flow = await super.initiateAuthCodeFlow(request)
    this.secrets.add(flow.codeVerifier)
    return flow
  }

  override async acquireTokenByAuthCodeFlow(request: AuthCodeFlowResponse): Promise<TokenResult> {
    return this.noted(await super.acquireTokenByAuthCodeFlow(request))
  }

  override async acquireTokenSilent(request: SilentRequest): Promise<TokenResult | null> {
    const token = await super.acquireTokenSilent(request)
    return token === null ? null : this.noted(token)
  }

  private noted(token: TokenResult): TokenResult {
    for (const secret of [token.accessToken, token.refreshToken, token.idToken]) {
      if (secret !== null) this.secrets.add(secret)
    }
    return token
  }
}
