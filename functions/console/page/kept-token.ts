/** The key in the tab's session storage, which other pages of this origin share. */
const name = 'client-registration-operator-token'

/**
 * The session storage, which survives a reload and is deleted with the tab; undefined if the
 * browser blocks storage.
 */
const storage = tabStorage()

function tabStorage(): Storage | undefined {
  try {
    return sessionStorage
  } catch {
    return undefined
  }
}

export const canKeepToken = (): boolean => storage !== undefined

export const keptToken = (): string | undefined => storage?.getItem(name) ?? undefined

export const keepToken = (token: string): void => storage?.setItem(name, token)

export const dropToken = (): void => storage?.removeItem(name)
