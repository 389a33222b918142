/**
 * Follows an authorization request like a user who signs in and consents to all. Resolves to the
 * redirect URI with its parameters, or to the page of an error.
 */
export async function authorize(request: URL): Promise<URL | string> {
  const cookies = new Map<string, string>()
  let url = request
  let form: URLSearchParams | undefined
  for (let steps = 0; steps < 12; steps += 1) {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      ...(form && { body: form }),
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      redirect: 'manual',
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(';', 1)[0]?.split('=') ?? []
      cookies.set(name, value)
    }
    const page = await response.text()
    const location = response.headers.get('location')
    if (location !== null) {
      url = new URL(location, url)
      form = undefined
      if (url.origin !== request.origin) return url
    } else {
      const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1]
      if (response.status !== 200 || action === undefined) return page
      url = new URL(action, url)
      const prompt = page.includes('name="prompt" value="login"') ? 'login' : 'consent'
      form = new URLSearchParams({ prompt, login: 'alice', password: 'any' })
    }
  }
  throw new Error('the authorization request does not end')
}
