import threading

import pytest
from django.utils import translation

from customers.table_files.ahead import ahead


def test_it_keeps_the_order_and_ends():
    assert list(ahead(iter(range(1000)))) == list(range(1000))
    assert list(ahead(iter(()))) == []


def test_an_error_comes_where_it_belongs():
    def failing():
        yield 1
        raise OSError("disk")

    items = ahead(failing())
    assert next(items) == 1
    with pytest.raises(OSError, match="disk"):
        next(items)


def test_nobody_goes_on_reading_when_the_caller_stops():
    before = threading.active_count()
    items = ahead(iter(range(1000)))
    assert next(items) == 0
    items.close()
    assert threading.active_count() == before


def test_it_speaks_the_language_of_whoever_asks():
    with translation.override("en"):
        assert list(ahead(translation.get_language() for _ in range(2))) == ["en", "en"]
