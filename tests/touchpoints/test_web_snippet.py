"""The web snippet in a real browser, on a shop of another origin: nothing on the device before consent."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.touchpoints.sdk_sending import Sdk
from touchpoints.actions import seed_vocabulary
from touchpoints.models import Touchpoint

SNIPPET = Path(__file__).parents[2] / "static/js/snippet.js"
# Every way to keep something on the device tells us that it was touched.
WATCH = """
  window.touched = []
  for (const it of ['getItem', 'setItem', 'removeItem', 'key'])
    Storage.prototype[it] = new Proxy(Storage.prototype[it], { apply: (f, o, a) => (touched.push(it), f.apply(o, a)) })
  for (const [o, it] of [[Document.prototype, 'cookie'], [window, 'indexedDB'], [window, 'caches']]) {
    const { get, set } = Object.getOwnPropertyDescriptor(o, it)
    Object.defineProperty(o, it, {
      get() { touched.push(it); return get.call(this) },
      set(value) { touched.push(it); set.call(this, value) },
    })
  }
"""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@contextmanager
def shop(html: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode() if self.path.startswith("/tea") else b"<a href=/tea>tea</a>")

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.2", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.2:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def sdk() -> Sdk:
    seed_vocabulary()
    return Sdk.new(kind="browser")


@pytest.fixture
def html(live_server, sdk):
    def html(more: str = "", script: str = "") -> str:
        return f'''<!doctype html><title>Tee</title><link rel=icon href=data:>
            <script async {more} src="{live_server.url}/static/js/snippet.js" data-key="{sdk.key}"></script>
            <script>{script}</script>'''

    return html


@pytest.fixture
def tab(browser):
    context = browser.new_context()
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def visit(tab, address: str) -> None:
    with tab.expect_response(lambda answer: "/v1/" in answer.url and answer.ok):
        tab.goto(address)


def test_it_is_small():
    assert len(SNIPPET.read_bytes()) <= 3 * 1024


def test_before_consent_it_touches_nothing_on_the_device(tab, html):
    with shop(html()) as url:
        tab.goto(url)
        with tab.expect_response("**/v1/page"):
            tab.click("a")
        assert tab.evaluate("touched") == []
        visit(tab, f"{url}/tea?utm_source=news&utm_medium=mail&utm_campaign=march&utm_term=&other=1")
        assert tab.evaluate("touched") == []
        assert tab.context.storage_state()["origins"] == []
        assert tab.context.cookies() == []
    first, second = Touchpoint.objects.order_by("id")
    assert first.referrer == f"{url}/"
    assert second.campaign == {"source": "news", "medium": "mail", "name": "march"}
    assert second.properties["url"].startswith(f"{url}/tea?utm_source=news")
    assert first.customer_id != second.customer_id


def test_with_consent_a_visitor_is_known_again(tab, html):
    with shop(html(script="(window.kundenpfad ||= []).push(['consent', true])")) as url:
        visit(tab, f"{url}/tea")
        visit(tab, f"{url}/tea")
        assert Touchpoint.objects.values("customer").distinct().count() == 1
        tab.evaluate("kundenpfad.push(['consent', false])")
        assert tab.evaluate("localStorage.length") == 0


def test_what_is_pushed_before_and_after_loading_arrives(tab, html):
    script = "(window.kundenpfad ||= []).push(['track', 'Product Viewed', {sku: 'A-1'}], ['consent', true])"
    script += ";kundenpfad.push(['identify', 'u1', {firstName: 'Anna'}])"
    with shop(html(script=script)) as url:
        visit(tab, f"{url}/tea")
        with tab.expect_response("**/v1/track"):
            tab.evaluate("kundenpfad.push(['track', 'Product Added', {sku: 'A-1'}])")
        tab.wait_for_function(
            "performance.getEntriesByType('resource').filter((it) => it.name.includes('/v1/')).length > 3"
        )
    told = set(Touchpoint.objects.values_list("type__key", flat=True))
    assert {"page_viewed", "product_viewed", "basket_added", "identified"} <= told
    assert Touchpoint.objects.values("customer__canonical").distinct().count() == 1


def test_what_fails_is_sent_again_and_counts_once(tab, html):
    answers = [503, 429, 0]

    def answer(route) -> None:
        if not answers:
            route.continue_()
        elif status := answers.pop(0):
            route.fulfill(status=status, headers={"access-control-allow-origin": "*"})
        else:
            route.abort()

    with shop(html(script="(window.kundenpfad ||= []).push(['consent', true])")) as url:
        tab.route("**/v1/**", answer)
        visit(tab, f"{url}/tea")
    assert answers == []
    assert Touchpoint.objects.count() == 1


def test_only_with_consent_sends_nothing_before(tab, html):
    with shop(html(more="data-only-with-consent")) as url:
        sent = []
        tab.on("request", lambda request: sent.append(request.url) if "/v1/" in request.url else None)
        tab.goto(f"{url}/tea")
        tab.wait_for_timeout(2500)
        assert sent == []
        with tab.expect_response("**/v1/page"):
            tab.evaluate("kundenpfad.push(['consent', true])")
    assert Touchpoint.objects.count() == 1


def test_a_page_left_at_once_is_counted(tab, html):
    with shop(html()) as url:
        tab.goto(f"{url}/tea")
        tab.wait_for_function("window.kundenpfad")
        tab.goto(url)
        # The request outlives its page, where nobody can wait for it.
        ends = time.monotonic() + 30
        while not Touchpoint.objects.exists() and time.monotonic() < ends:
            tab.wait_for_timeout(100)
    assert Touchpoint.objects.count() == 1
