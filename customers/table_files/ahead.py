"""Read ahead: what comes next is made in a thread while the caller waits for the database."""

from collections.abc import Generator, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

from django.utils.translation import get_language, override

Item = TypeVar("Item")
END = object()


class _Maker(Generic[Item]):
    def __init__(self, items: Iterator[Item], *, depth: int) -> None:
        self.items, self.made, self.is_unwanted = items, Queue[object](depth), Event()
        # A thread begins without the language of the one that started it.
        self.thread = Thread(target=self._make, args=(get_language(),), daemon=True)

    def _make(self, language: str | None) -> None:
        with override(language):
            self._put(self._make_all())

    def _make_all(self) -> object:
        """What to put last."""
        try:
            for item in self.items:
                if not self._put(item):
                    break
        except Exception as error:  # raised again where the items are wanted
            return error
        return END

    def _put(self, item: object) -> bool:
        while not self.is_unwanted.is_set():
            try:
                self.made.put(item, timeout=0.1)
            except Full:
                continue
            return True
        return False


def ahead(items: Iterator[Item], *, depth: int = 2) -> Generator[Item, None, None]:
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
