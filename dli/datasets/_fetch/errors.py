"""The errors of the data layer."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """One source that was tried in vain.

    Attributes:
        kind: where from ("cache", "mirror", "publisher", "npm", …).
        what: the file, address or package.
        reason: why it did not deliver.
    """

    kind: str
    what: str
    reason: str


class DataUnavailable(RuntimeError):
    """A data set can't be had; the message lists what was tried and what to do.

    Attributes:
        tried: the sources, in order, each with the reason why it did not deliver.
    """

    def __init__(self, message: str, tried: Sequence[Attempt] = ()) -> None:
        super().__init__(message)
        self.tried = tuple(tried)


class SourceFailed(Exception):
    """One source did not deliver; its message says why in a few words."""


class Damaged(Exception):
    """A file in the cache is not what was stored there."""


class CacheUnusable(Exception):
    """The cache folder can't be written; its message names folder and reason."""
