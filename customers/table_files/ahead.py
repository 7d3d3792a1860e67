"""Read ahead: what comes next is made in a thread while the caller waits for the database."""

from collections.abc import Iterator
from contextvars import copy_context
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")
END = object()


class _Maker(Generic[Item]):
    def __init__(self, items: Iterator[Item], *, depth: int) -> None:
        self.items, self.made, self.is_unwanted = items, Queue[object](depth), Event()
        # The language of the messages belongs to the context.
        self.thread = Thread(target=copy_context().run, args=(self._make,), daemon=True)

    def _make(self) -> None:
        last: object = END
        try:
            for item in self.items:
                if not self._put(item):
                    return
        except Exception as error:  # raised again where the items are wanted
            last = error
        self._put(last)

    def _put(self, item: object) -> bool:
        while not self.is_unwanted.is_set():
            try:
                self.made.put(item, timeout=0.1)
            except Full:
                continue
            return True
        return False


def ahead(items: Iterator[Item], *, depth: int = 2) -> Iterator[Item]:
    """The same items in the same order, up to `depth` of them made before they are asked for."""
    maker = _Maker(items, depth=depth)
    maker.thread.start()
    try:
        while (item := maker.made.get()) is not END:
            if isinstance(item, Exception):
                raise item
            yield item  # type: ignore[misc]
    finally:
        maker.is_unwanted.set()
        maker.thread.join()
