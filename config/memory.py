"""Memory that large bodies of requests took goes back to the system when they are done with."""

import ctypes
import sys

M_MMAP_THRESHOLD = -3  # malloc.h
LARGE = 1024 * 1024


def give_back_large_blocks() -> None:
    """glibc learns from the first large block that was freed to keep such ones, in every thread: eight times 18 MB.

    Naming the threshold keeps it from learning. Other C libraries have no such habit.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(M_MMAP_THRESHOLD, LARGE)
