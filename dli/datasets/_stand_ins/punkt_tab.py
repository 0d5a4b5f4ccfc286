"""Stand-in of NLTK's model of sentences."""

import numpy as np

from dli.datasets._fetch.readers import Arrays

_TABLES = {
    "english/abbrev_types.txt": "mr\nmrs\nms\ndr\nst\njr\nrev\ncapt\netc",
    "english/collocations.tab": "##number##\tinternational",
    "english/ortho_context.tab": "the\t42",
    "english/sent_starters.txt": "he\nshe\nit\nthe\nthey",
}


def make() -> Arrays:
    """The English model's four tables as bytes: a few abbreviations, hardly more."""
    return {name: np.frombuffer(t.encode(), np.uint8) for name, t in _TABLES.items()}
