"""A token bucket: a sustained rate, twice as many in a burst."""

from dataclasses import dataclass

BURST_SECONDS = 2


@dataclass
class TokenBucket:
    per_second: int
    tokens: float
    filled_at: float

    @classmethod
    def full(cls, *, per_second: int, now: float) -> "TokenBucket":
        return cls(per_second, per_second * BURST_SECONDS, now)

    def take(self, count: int, *, now: float) -> float:
        """Seconds to wait; 0 means taken. What is more than a bucket holds is taken from a full one."""
        size = self.per_second * BURST_SECONDS
        self.tokens = min(size, self.tokens + max(now - self.filled_at, 0) * self.per_second)
        self.filled_at = now
        missing = min(count, size) - self.tokens
        if missing > 0:
            return missing / self.per_second
        self.tokens -= count
        return 0
