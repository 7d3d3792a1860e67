// A scripted visit; segment.html brings the SDK.
const told = new URLSearchParams(location.search)
const [name, key, host] = ['name', 'key', 'host'].map((it) => told.get(it))
const analytics = AnalyticsNext.AnalyticsBrowser.load({
  writeKey: key,
  cdnSettings: { integrations: { 'Segment.io': { apiKey: key, apiHost: `${new URL(host).host}/v1`, protocol: 'http' } } },
})
analytics.page('Shop', 'Tee', { path: '/tee' })
analytics.track('Product Viewed', { sku: 'A-1' })
analytics.identify(name, { firstName: 'Anna', lastName: 'Next', email: `${name}@example.org` })
analytics.track('Order Completed', { order_id: `${name}-1`, total: 59.9, currency: 'EUR' })
analytics.group(`${name}-company`, { name: `${name} GmbH` })
analytics.alias(name, `${name}-old-device`)
analytics.screen('App', 'Start')
analytics.track('Tea Drunk')
