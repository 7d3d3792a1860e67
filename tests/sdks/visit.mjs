// A scripted visit by one of the Node SDKs: node visit.mjs segment|rudderstack FOLDER HOST KEY NAME
import { createRequire } from 'node:module'

const [sdk, folder, host, key, name] = process.argv.slice(2)
const require = createRequire(`${folder}/`)
const client = { segment, rudderstack }[sdk]()
const userId = name
const anonymousId = `${name}-device`
const traits = { firstName: 'Anna', lastName: 'Node', email: `${name}@example.org` }
const products = [{ sku: 'A-1', price: 59.9, quantity: 1 }]
const order = { order_id: `${name}-1`, total: 59.9, revenue: 50, currency: 'EUR', products }

client.page({ anonymousId, category: 'Shop', name: 'Tee', properties: { path: '/tee' } })
client.track({ anonymousId, event: 'Product Viewed', properties: { sku: 'A-1' } })
client.identify({ userId, anonymousId, traits })
client.track({ userId, event: 'Order Completed', properties: order })
client.group({ userId, groupId: `${name}-company`, traits: { name: `${name} GmbH` } })
client.alias({ previousId: `${name}-old-device`, userId })
client.screen({ userId, name: 'Start' })
client.track({ userId, event: 'Tea Drunk' })
await (client.closeAndFlush ? client.closeAndFlush({ timeout: 60_000 }) : flushed())

function segment() {
  const { Analytics } = require('@segment/analytics-node')
  const analytics = new Analytics({ writeKey: key, host, maxRetries: 10 })
  analytics.on('error', (error) => { console.error(error); process.exitCode = 1 })
  return analytics
}

function rudderstack() {
  const Analytics = require('@rudderstack/rudder-sdk-node')
  return new Analytics(key, { dataPlaneUrl: host, flushAt: 8, retryCount: 10 })
}

function flushed() {
  return new Promise((resolve, reject) => client.flush((error) => (error ? reject(error) : resolve())))
}
