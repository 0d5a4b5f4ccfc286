"""Wrong answers of chapter 14 are refused, right ones taken in every way of writing."""

import numpy as np

from tests.support.exercises import answers


def average(pictures, labels, label):
    return pictures[labels == label].mean(axis=0)


def average_by_loop(pictures, labels, label):
    own = [p.astype(float) for p, kind in zip(pictures, labels) if kind == label]
    return (sum(own) / len(own)).tolist()


def average_of_all(pictures, labels, label):
    return pictures.mean(axis=0)


def average_over_the_count_of_all(pictures, labels, label):
    return pictures[labels == label].sum(axis=0) / len(pictures)


def one_number(pictures, labels, label):
    return pictures[labels == label].mean()


def overflowing(pictures, labels, label):
    own = pictures[labels == label]
    return own.sum(axis=0, dtype="uint8") / len(own)


def shafts(boots):
    upper = boots[:, :14].sum(axis=1)
    return np.sum(upper[:, 14:].sum(axis=1) > upper[:, :14].sum(axis=1))


def shafts_by_loop(boots):
    return sum(
        int(boot[:14, 14:].astype(int).sum() > boot[:14, :14].astype(int).sum())
        for boot in boots
    )


def shafts_on_the_left(boots):
    return len(boots) - shafts(boots)


def whole_halves(boots):
    columns = boots.sum(axis=1)
    return np.sum(columns[:, 14:].sum(axis=1) > columns[:, :14].sum(axis=1))


def all_together(boots):
    return int(boots[:, :14, 14:].sum() > boots[:, :14, :14].sum())


def black_and_white(pictures):
    return np.where(pictures > 127, 255, 0).astype("uint8")


def by_product(pictures):
    return (pictures >= 128) * 255


def inverted(pictures):
    return np.where(pictures > 127, 0, 255)


def any_ink(pictures):
    return np.where(pictures > 0, 255, 0)


def ones(pictures):
    return (pictures > 127).astype(int)


def one_too_low(pictures):
    return np.where(pictures >= 127, 255, 0)


def clipped(gradients, limit):
    length = np.sqrt(sum(np.sum(np.square(g)) for g in gradients))
    return [g * min(1, limit / length) for g in gradients]


def clipped_by_norm(gradients, limit):
    flat = np.concatenate([np.ravel(g) for g in gradients])
    length = np.linalg.norm(flat)
    return tuple(g if length <= limit else g / length * limit for g in gradients)


def each_alone(gradients, limit):
    return [g * min(1, limit / np.linalg.norm(g)) for g in gradients]


def by_value(gradients, limit):
    return [np.clip(g, -limit, limit) for g in gradients]


def always(gradients, limit):
    length = np.sqrt(sum(np.sum(np.square(g)) for g in gradients))
    return [g * limit / length for g in gradients]


FASHION, TENSORFLOW = "fashion_mnist_pixel_by_pixel", "deep_net_in_tensorflow"

WRONG = {
    (FASHION, 1): [
        ("trouser", average),
        ("ankle boot", average),
        ("sandal", average_of_all),
        ("sandal", average_over_the_count_of_all),
        ("sandal", one_number),
        ("sandal", overflowing),
    ],
    (FASHION, 2): [(shafts_on_the_left,), (whole_halves,), (all_together,), (len,)],
    (FASHION, 3): [
        ("more", black_and_white),
        ("as", black_and_white),
        ("less", inverted),
        ("less", any_ink),
        ("less", ones),
        ("less", one_too_low),
    ],
    (TENSORFLOW, 1): [("moved",), ("both",), (0,)],
    (TENSORFLOW, 2): [(1, 3), (3, 3), (1, 1), (0, 0)],
    (TENSORFLOW, 3): [("92 to 94%",), ("more than 94%",), ("92%",)],
    (TENSORFLOW, 4): [
        (each_alone,),
        (by_value,),
        (always,),
        (lambda gradients, limit: gradients,),
    ],
}

RIGHT = {
    (FASHION, 1): [("sandal", average), ("Sandal", average_by_loop)],
    (FASHION, 2): [(shafts,), (shafts_by_loop,)],
    (FASHION, 3): [("less", black_and_white), ("LESS", by_product)],
    (TENSORFLOW, 1): [("stay",), (" Stay ",)],
    (TENSORFLOW, 2): [(3, 1), (np.int64(3), 1.0)],
    (TENSORFLOW, 3): [("less than 92%",), ("Less than 92% ",)],
    (TENSORFLOW, 4): [(clipped,), (clipped_by_norm,)],
}


TestAnswers = answers(WRONG, RIGHT)
