"""Wrong answers in the notebooks on scenes are refused, right ones taken."""

import numpy as np

from tests.support.exercises import answers

# Object Detection


def in_one_direction(side, stride):
    return (side - 28) // stride + 1


def one_too_few(side, stride):
    return ((side - 28) // stride) ** 2


def halves(side, stride):
    return ((side - 28) / stride + 1) ** 2


def every_start(side, stride):
    return len(range(0, side, stride)) ** 2


def counted(side, stride):
    starts = range(0, side - 27, stride)
    return sum(1 for _ in starts for _ in starts)


def fit(a, b):
    width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    areas = [(x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (a, b)]
    return width * height / (sum(areas) - width * height)


def greedy(boxes, scores, overlap):
    left, kept = list(np.argsort(scores)), []
    while left:
        best = left.pop()
        kept.append(best)
        left = [n for n in left if fit(boxes[best], boxes[n]) <= overlap]
    return np.array(kept)


def in_the_order_given(boxes, scores, overlap):
    kept = []
    for n, box in enumerate(boxes):
        if all(fit(box, boxes[k]) <= overlap for k in kept):
            kept.append(n)
    return kept


def struck_ones_strike(boxes, scores, overlap):
    order = np.argsort(-scores)
    return [
        n
        for place, n in enumerate(order)
        if all(fit(boxes[n], boxes[m]) <= overlap for m in order[:place])
    ]


def keeps_all(boxes, scores, overlap):
    return np.argsort(-scores)


# Image Segmentation


def jaccard(true, said):
    return np.sum(true & said) / max(np.sum(true | said), 1)


def empty_is_zero(true, said):
    return 2 * np.sum(true & said) / max(np.sum(true) + np.sum(said), 1)


def not_doubled(true, said):
    total = np.sum(true) + np.sum(said)
    return np.sum(true & said) / total if total else 1.0


def of_all_pixels(true, said):
    return np.mean(true == said)


def from_iou(true, said):
    covered = np.sum(true | said)
    share = np.sum(true & said) / covered if covered else 1.0
    return 2 * share / (1 + share)


def rounded_up(side, levels):
    return -(-side // 2**levels) * 2**levels


def step_by_step(side, levels):
    for _ in range(levels):
        side = side // 2
    return side << levels


# Capsule Networks


def over_parts(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def over_everything(logits):
    return np.exp(logits) / np.exp(logits).sum()


def without_powers(logits):
    return np.full(logits.shape, 1 / len(logits))


def in_lists(logits):
    powers = np.exp(logits).tolist()
    sums = [sum(column) for column in zip(*powers)]
    return [[p / s for p, s in zip(row, sums)] for row in powers]


WRONG = {
    ("object_detection", 1): [("1/3",), ("1/4",), (1 / 7,)],
    ("object_detection", 2): [
        (in_one_direction,),
        (one_too_few,),
        (halves,),
        (every_start,),
    ],
    ("object_detection", 3): [
        (in_the_order_given,),
        (struck_ones_strike,),
        (keeps_all,),
    ],
    ("image_segmentation", 1): [("IoU of the disc",), ("Dice of the disc",), (0.95,)],
    ("image_segmentation", 2): [
        (jaccard,),
        (empty_is_zero,),
        (not_doubled,),
        (of_all_pixels,),
    ],
    ("image_segmentation", 3): [
        (lambda side, levels: side,),
        (rounded_up,),
        (lambda side, levels: side // 2**levels,),
    ],
    ("capsule_networks", 1): [("yes",), ("only with other kernels",), (True,)],
    ("capsule_networks", 2): [
        (lambda after: after / (1 - after),),
        (lambda after: after**0.5,),
        (lambda after: after**2 / (1 + after**2),),
    ],
    ("capsule_networks", 3): [(over_parts,), (over_everything,), (without_powers,)],
}
RIGHT = {
    ("object_detection", 1): [("1/7",), (" 1/7 ",)],
    ("object_detection", 2): [
        (lambda side, stride: ((side - 28) // stride + 1) ** 2,),
        (counted,),
    ],
    ("object_detection", 3): [(greedy,), (lambda *given: greedy(*given).tolist(),)],
    ("image_segmentation", 1): [("pixel accuracy",), ("Pixel accuracy ",)],
    ("image_segmentation", 2): [(from_iou,)],
    ("image_segmentation", 3): [
        (step_by_step,),
        (lambda side, levels: side - side % 2**levels,),
    ],
    ("capsule_networks", 1): [("no",), ("No ",)],
    ("capsule_networks", 2): [
        (lambda after: (after / (1 - after)) ** 0.5,),
        (lambda after: np.sqrt(1 / (1 / after - 1)),),
    ],
    ("capsule_networks", 3): [
        (in_lists,),
        (lambda logits: over_parts(logits.T).T,),
    ],
}

TestAnswers = answers(WRONG, RIGHT)
