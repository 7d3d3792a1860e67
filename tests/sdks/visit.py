"""A scripted visit by one of the Python SDKs: python visit.py segment|rudderstack HOST KEY NAME."""

import importlib
import sys

ORDER = {"total": 59.9, "revenue": 50, "currency": "EUR", "products": [{"sku": "A-1", "price": 59.9, "quantity": 1}]}


def main(sdk: str, host: str, key: str, name: str) -> None:
    analytics = importlib.import_module(f"{sdk}.analytics")
    analytics.host, analytics.write_key, analytics.gzip = host, key, True
    analytics.dataPlaneUrl = host
    analytics.on_error = lambda error, items: sys.exit(f"{len(items)} events lost: {error}")
    device = {"anonymous_id": f"{name}-device"}
    traits = {"firstName": "Anna", "lastName": name.title(), "email": f"{name}@example.org"}
    analytics.page(None, "Shop", "Tee", {"path": "/tee"}, **device)
    analytics.track(None, "Product Viewed", {"sku": "A-1"}, **device)
    analytics.identify(name, traits, **device)
    analytics.track(name, "Order Completed", {"order_id": f"{name}-1", **ORDER})
    analytics.group(name, f"{name}-company", {"name": f"{name} GmbH"})
    analytics.alias(f"{name}-old-device", name)
    analytics.screen(name, None, "Start")
    analytics.track(name, "Tea Drunk")
    analytics.flush()
    analytics.shutdown() if hasattr(analytics, "shutdown") else analytics.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
