// For shops without an SDK (docs/integrators.md):
//   <script async src="https://…/static/js/snippet.js" data-key="WRITE_KEY"></script>
//   <script>(window.kundenpfad ||= []).push(['track', 'Product Viewed', {sku: 'A-1'}])</script>
// Until consent is given it stores and reads nothing on the device.
(() => {
  const before = window.kundenpfad || []
  if (!before.map) return // loaded twice
  const script = document.currentScript
  const { key, onlyWithConsent } = script.dataset
  const host = new URL(script.src).origin
  const name = 'kundenpfad_id'
  // Long enough for a consent manager to say what was decided on an earlier page.
  const patience = 2000
  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (it) => it.toString(16).padStart(2, '0')).join('')
  let anonymousId = random()
  let userId
  let referrer = document.referrer
  let waiting = []

  const post = (kind, body, tries = 0) =>
    fetch(`${host}/v1/${kind}`, { method: 'POST', body, keepalive: true, credentials: 'omit' })
      .then((answer) => (answer.status === 429 || answer.status > 499) && Promise.reject())
      .catch(() => tries < 6 && setTimeout(post, 2 ** tries * 1000, kind, body, tries + 1))

  const send = ([kind, event]) =>
    post(kind, JSON.stringify({ writeKey: key, anonymousId, userId, ...event, sentAt: new Date() }))

  const flush = () => {
    const ready = waiting
    waiting = null
    ready?.forEach(send)
  }

  const note = (kind, event) => {
    const { href, search, pathname: path } = location
    const told = new URLSearchParams(search)
    const campaign = {}
    for (const it of ['source', 'medium', 'campaign', 'term', 'content']) {
      if (told.has(`utm_${it}`)) campaign[it === 'campaign' ? 'name' : it] = told.get(`utm_${it}`)
    }
    const page = { url: href, path, referrer, title: document.title }
    const noted = [kind, { ...event, messageId: random(), timestamp: new Date(), context: { page, campaign } }]
    waiting ? waiting.push(noted) : send(noted)
  }

  const calls = {
    page(properties) {
      note('page', { properties })
      referrer = location.href
    },
    track(event, properties) {
      note('track', { event, properties })
    },
    identify(id, traits) {
      userId = id
      note('identify', { traits })
    },
    consent(isGiven) {
      if (isGiven) {
        anonymousId = localStorage.getItem(name) || anonymousId
        localStorage.setItem(name, anonymousId)
      } else {
        localStorage.removeItem(name)
        anonymousId = random()
        if (onlyWithConsent != null) waiting = []
      }
      if (isGiven || onlyWithConsent == null) flush()
    },
  }

  const call = ([method, ...told]) => calls[method]?.(...told)
  window.kundenpfad = { push: call }
  calls.page()
  before.forEach(call)
  if (onlyWithConsent == null) {
    setTimeout(flush, patience)
    addEventListener('pagehide', flush)
  }
})()
