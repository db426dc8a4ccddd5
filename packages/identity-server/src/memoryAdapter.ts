import type { AdapterFactory, AdapterPayload } from "oidc-provider"

/** Keeps everything until the server goes: the provider itself checks what has expired. */
export const createMemoryAdapter = (): AdapterFactory => {
  const models = new Map<string, Map<string, AdapterPayload>>()

  return (model) => {
    const entries = models.get(model) ?? new Map<string, AdapterPayload>()
    models.set(model, entries)
    const findWhere = (matches: (payload: AdapterPayload) => boolean) => [...entries.values()].find(matches)

    return {
      upsert: async (id, payload) => {
        entries.set(id, payload)
      },
      find: async (id) => entries.get(id),
      findByUid: async (uid) => findWhere((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => findWhere((payload) => payload.userCode === userCode),
      consume: async (id) => {
        const payload = entries.get(id)
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: async (id) => {
        entries.delete(id)
      },
      revokeByGrantId: async (grantId) => {
        for (const [id, payload] of entries) if (payload.grantId === grantId) entries.delete(id)
      }
    }
  }
}
