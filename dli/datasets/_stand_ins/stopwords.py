"""Stand-in of NLTK's stop words."""

import numpy as np

from dli.datasets._fetch.readers import Arrays


def make() -> Arrays:
    """scikit-learn's list of English stop words, a line each, as bytes in "english"."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    lines = "\n".join([*sorted(ENGLISH_STOP_WORDS), "s", "t", ""])
    return {"english": np.frombuffer(lines.encode(), np.uint8)}
