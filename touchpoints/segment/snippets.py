"""What to write into a shop so that its SDK sends here: with host name and key, ready to be copied."""

from typing import NamedTuple

HOST, KEY = "https://kundenpfad.example", "WRITE_KEY"


class Snippet(NamedTuple):
    sdk: str
    install: str
    code: str


SERVER = (
    Snippet(
        "Segment, Python",
        "pip install segment-analytics-python",
        """import segment.analytics as analytics

analytics.host = "https://kundenpfad.example"
analytics.write_key = "WRITE_KEY"
analytics.identify("4711", {"email": "anna@example.com"})
analytics.track("4711", "Order Completed", {"order_id": "1001", "total": 59.9, "currency": "EUR"})
analytics.flush()""",
    ),
    Snippet(
        "RudderStack, Python",
        "pip install rudder-sdk-python",
        """import rudderstack.analytics as analytics

analytics.dataPlaneUrl = "https://kundenpfad.example"
analytics.write_key = "WRITE_KEY"
analytics.identify("4711", {"email": "anna@example.com"})
analytics.track("4711", "Order Completed", {"order_id": "1001", "total": 59.9, "currency": "EUR"})
analytics.flush()""",
    ),
    Snippet(
        "Segment, Node",
        "npm install @segment/analytics-node",
        """import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: 'WRITE_KEY', host: 'https://kundenpfad.example' })
analytics.identify({ userId: '4711', traits: { email: 'anna@example.com' } })
analytics.track({ userId: '4711', event: 'Order Completed', properties: { order_id: '1001', total: 59.9 } })""",
    ),
    Snippet(
        "RudderStack, Node",
        "npm install @rudderstack/rudder-sdk-node",
        """import Analytics from '@rudderstack/rudder-sdk-node'

const analytics = new Analytics('WRITE_KEY', { dataPlaneUrl: 'https://kundenpfad.example' })
analytics.identify({ userId: '4711', traits: { email: 'anna@example.com' } })
analytics.track({ userId: '4711', event: 'Order Completed', properties: { order_id: '1001', total: 59.9 } })""",
    ),
)
BROWSER = (
    Snippet(
        "Kundenpfad, browser, without an SDK",
        "",
        """<script async src="https://kundenpfad.example/static/js/snippet.js" data-key="WRITE_KEY"></script>
<script>
  (window.kundenpfad ||= []).push(['track', 'Product Viewed', { sku: 'A-1' }])
  // What your consent manager says, on every page:
  kundenpfad.push(['consent', true])
</script>""",
    ),
    Snippet(
        "Segment, browser",
        "npm install @segment/analytics-next",
        """import { AnalyticsBrowser } from '@segment/analytics-next'

const apiHost = new URL('https://kundenpfad.example').host + '/v1'
const integrations = { 'Segment.io': { apiKey: 'WRITE_KEY', apiHost } }
const analytics = AnalyticsBrowser.load({ writeKey: 'WRITE_KEY', cdnSettings: { integrations } })
analytics.page()
analytics.track('Product Viewed', { sku: 'A-1' })""",
    ),
    Snippet(
        "RudderStack, browser",
        "npm install @rudderstack/analytics-js",
        """import { RudderAnalytics } from '@rudderstack/analytics-js/bundled'

const analytics = new RudderAnalytics()
analytics.load('WRITE_KEY', 'https://kundenpfad.example', { configUrl: 'https://kundenpfad.example' })
analytics.page()
analytics.track('Product Viewed', { sku: 'A-1' })""",
    ),
)


def snippets(*, is_browser: bool, host: str = HOST, key: str = KEY) -> list[Snippet]:
    return [
        it._replace(code=it.code.replace(HOST, host).replace(KEY, key)) for it in (BROWSER if is_browser else SERVER)
    ]
