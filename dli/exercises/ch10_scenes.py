"""Exercises of chapter 10's notebooks on objects, their pixels and their parts."""

from __future__ import annotations

import numpy as np

from dli.exercises.checking import choice, exercise, expect

# Object Detection


@exercise(
    "object_detection",
    1,
    hint="Count little squares: how many are shared, how many are covered at all?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "1/3": "So it is when one moves to the right only: two are shared.",
            "1/4": "A quarter of each square is shared; but how many do both cover?",
            "1/7": "One little square of 4 + 4 - 1 = 7.",
        },
        right="1/7",
    )


@exercise(
    "object_detection",
    2,
    hint="Behind the first window 84 - 28 pixels are left. How many steps is that?",
)
def _(count_windows):
    for side, stride in ((84, 4), (28, 4), (118, 4), (65, 4), (84, 1), (448, 7)):
        wanted = len(range(0, side - 28 + 1, stride)) ** 2
        expect(count_windows(side, stride), wanted, f"count_windows({side}, {stride})")
    return "For 448 pixels and a stride of 4: 11,236 windows of this size alone."


def _iou(a, b):
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    shared = np.prod(np.maximum(sides, 0))
    return shared / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared)


def _suppressed(boxes, scores, overlap):
    kept = []
    for n in np.argsort(-scores):
        if all(_iou(boxes[n], boxes[k]) <= overlap for k in kept):
            kept.append(int(n))
    return kept


@exercise(
    "object_detection",
    3,
    hint="Go through np.argsort(-scores); keep what overlaps nothing that was kept.",
)
def _(my_suppress):
    rng = np.random.default_rng(1029)
    # in a row, each overlaps the next: the middle one is struck, so the last stays
    chain = np.array([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]], float)
    cases = [(chain, np.array([0.9, 0.8, 0.7]), 0.3)]
    cases.append((chain, np.array([0.2, 0.6, 0.4]), 0.3))
    for overlap in (0.1, 0.5):
        corners = rng.integers(0, 20, (12, 2))
        sizes = rng.integers(8, 14, (12, 2))
        boxes = np.concatenate([corners, corners + sizes], axis=1).astype(float)
        cases.append((boxes, rng.permutation(12) / 12 + 0.04, overlap))
    for boxes, scores, overlap in cases:
        what = f"my_suppress({len(boxes)} boxes, scores, {overlap})"
        if len(boxes) == 3:
            listed = [tuple(map(int, box)) for box in boxes]
            what = f"my_suppress({listed}, {scores.tolist()}, {overlap})"
        came = my_suppress(boxes.copy(), scores.copy(), overlap)
        expect(came, _suppressed(boxes, scores, overlap), what)
    return "Two objects that overlap this much become one: the price of suppression."


# Image Segmentation


@exercise(
    "image_segmentation",
    1,
    hint="How many of 20 pixels have the right name? How many of the disc's?",
)
def _(measure):
    return choice(
        measure,
        {
            "pixel accuracy": "19 of 20 pixels are right, and the disc is missed.",
            "IoU of the disc": "Nothing is shared with the disc: its IoU is 0.",
            "Dice of the disc": "Nothing is shared with the disc: its Dice is 0.",
        },
        right="pixel accuracy",
    )


@exercise(
    "image_segmentation",
    2,
    hint="np.sum(true & said) counts what is shared. Mind two empty masks.",
)
def _(my_dice):
    rng = np.random.default_rng(1030)
    cases = [(np.array(t, bool), np.array(s, bool)) for t, s in _SMALL_MASKS]
    cases.append((rng.random((6, 6)) < 0.5, rng.random((6, 6)) < 0.3))
    for true, said in cases:
        total = true.sum() + said.sum()
        wanted = float(2 * (true & said).sum() / total) if total else 1.0
        what = f"my_dice of two masks of shape {true.shape}"
        if true.size < 6:
            what = f"my_dice({true.tolist()}, {said.tolist()})"
        expect(my_dice(true.copy(), said.copy()), wanted, what)
    return "Half of a mask, and nothing beside it: 2/3."


_SMALL_MASKS = (
    ([1, 1, 1, 1], [1, 1, 0, 0]),
    ([1, 0, 0], [0, 1, 1]),
    ([0, 0], [0, 0]),
    ([0, 0], [0, 1]),
)


@exercise(
    "image_segmentation",
    3,
    hint="50, 25, and then? An odd width loses a pixel, and doubling does not know.",
)
def _(width_after):
    for side, levels in ((32, 3), (100, 3), (101, 1), (7, 2), (64, 0), (3, 2)):
        width = side
        for _ in range(levels):
            width //= 2
        wanted = width * 2**levels
        expect(width_after(side, levels), wanted, f"width_after({side}, {levels})")
    return "For 100 and three halvings 96: U-Nets like multiples of powers of 2."


# Capsule Networks


@exercise(
    "capsule_networks",
    1,
    hint="Both have the same windows, in another order. What does a mean know?",
)
def _(prediction):
    return choice(
        prediction,
        {
            "yes": "A mean over all places knows as little of places as a maximum.",
            "no": "The same windows in another order have the same mean.",
            "only with other kernels": "Whatever small kernels see, they see it in "
            "both, if no window holds two parts.",
        },
        right="no",
    )


@exercise(
    "capsule_networks",
    2,
    hint="after = n² / (1 + n²). Multiply by 1 + n², and bring n² to one side.",
)
def _(length_before):
    for length in (0.1, 1.0, 3.0, 10.0, 0.5):
        after = length**2 / (1 + length**2)
        expect(length_before(after), length, f"length_before({after:.6g})", 1e-4)
    return "For 0.9 it is 3, for 0.99 about 10: to be sure takes many votes."


@exercise(
    "capsule_networks",
    3,
    hint="A part (a column) gives itself away once: its shares add up to 1.",
)
def _(couple):
    rng = np.random.default_rng(1031)
    cases = [np.zeros((2, 4)), np.array([[2.0, 0.0], [0.0, 0.0]])]
    cases += [rng.normal(size=(3, 4)).round(2), rng.normal(size=(2, 2)).round(2)]
    for logits in cases:
        powers = np.exp(logits)
        what = f"couple(logits) for logits of shape {logits.shape}"
        if logits.size <= 8:
            what = f"couple({logits.tolist()})"
        expect(couple(logits.copy()), powers / powers.sum(axis=0), what)
    return "Whole by whole they may add up to more or less: wholes compete for parts."
