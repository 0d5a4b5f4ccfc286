"""What the nine sentiment classifiers of chapter 11 have in common.

The networks, their compilation and their training stay in the notebooks; here are the
reviews, the weights of each epoch, and the pictures of what a network predicts.

A *row* is one review as it goes into a network: an int32 vector of `review_length` ids,
padding (0) first. Ids are those of `dli.datasets.imdb`: 1 starts a review, 2 is a word
that was left out, and from 4 on an id is a word's rank plus 3.
"""

from dli.sentiment.epochs import (
    AUTHORS,
    AUTHORS_EPOCHS,
    epochs_beside_authors,
    load_best_epoch,
    save_epochs,
)
from dli.sentiment.pictures import COLOURS, histogram, opinions, shade
from dli.sentiment.reviews import (
    after_every_word,
    encode,
    load,
    shuffle_words,
    spell,
    words,
)

__all__ = [
    "AUTHORS",
    "AUTHORS_EPOCHS",
    "COLOURS",
    "after_every_word",
    "encode",
    "epochs_beside_authors",
    "histogram",
    "load",
    "load_best_epoch",
    "opinions",
    "save_epochs",
    "shade",
    "shuffle_words",
    "spell",
    "words",
]
