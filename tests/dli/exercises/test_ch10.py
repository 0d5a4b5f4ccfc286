"""Wrong answers of chapter 10 are refused, right ones taken in every way of writing."""

import math

import numpy as np

from tests.support.exercises import answers

# LeNet in Keras


def windows(image, kernel, stride):
    F = len(kernel)
    starts = range(0, len(image) - F + 1, stride)
    return [
        [(image[r : r + F, c : c + F] * kernel).sum() for c in starts] for r in starts
    ]


def by_arrays(image, kernel, stride):
    return np.array(windows(image, kernel, stride))


def stride_forgotten(image, kernel, stride):
    return np.array(windows(image, kernel, 1))


def over_the_edge(image, kernel, stride):
    padded = np.pad(image, (0, stride))
    return np.array(windows(padded, kernel, stride))


def turned(image, kernel, stride):
    return np.array(windows(image, kernel[::-1, ::-1], stride))


def only_rows(image, kernel, stride):
    return np.array(windows(image, kernel, 1))[::stride]


# AlexNet in Keras


def by_logarithm(momentum, share):
    return math.ceil(math.log(1 - share) / math.log(momentum) - 1e-9)


def by_loop(momentum, share):
    batches = 0
    while 1 - momentum**batches < share - 1e-12:
        batches += 1
    return np.int64(batches)


def rounded_down(momentum, share):
    return int(math.log(1 - share) / math.log(momentum))


def one_share(momentum, share):
    return math.ceil(share / (1 - momentum))


def of_the_share(momentum, share):
    return math.ceil(math.log(share) / math.log(momentum))


def one_too_many(momentum, share):
    return by_logarithm(momentum, share) + 1


# VGGNet in Keras


def work(side, kernel, maps, kernels):
    return side**2 * kernel**2 * maps * kernels


def maps_forgotten(side, kernel, maps, kernels):
    return side**2 * kernel**2 * kernels


def places_forgotten(side, kernel, maps, kernels):
    return kernel**2 * maps * kernels


def with_biases(side, kernel, maps, kernels):
    return side**2 * (kernel**2 * maps * kernels + kernels)


# Transfer Learning in Keras


def counted(height, width, channels, classes):
    return classes * (height * width * channels + 1), classes * (channels + 1)


def as_array(height, width, channels, classes):
    return np.array(counted(height, width, channels, classes))


def no_bias(height, width, channels, classes):
    return classes * height * width * channels, classes * channels


def one_bias(height, width, channels, classes):
    return classes * height * width * channels + 1, classes * channels + 1


def round_about(height, width, channels, classes):
    return counted(height, width, channels, classes)[::-1]


def middle(photograph):
    height, width = photograph.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return photograph[top : top + side, left : left + side]


def middle_as_list(photograph):
    return middle(photograph).tolist()


def upper_left(photograph):
    side = min(photograph.shape[:2])
    return photograph[:side, :side]


def larger_strip_first(photograph):
    height, width = photograph.shape[:2]
    side = min(height, width)
    top, left = (height - side + 1) // 2, (width - side + 1) // 2
    return photograph[top : top + side, left : left + side]


def squeezed(photograph):
    height, width = photograph.shape[:2]
    side = min(height, width)
    rows = np.arange(side) * height // side
    columns = np.arange(side) * width // side
    return photograph[rows][:, columns]


def as_it_is(photograph):
    return photograph


WRONG = {
    ("lenet_in_keras", 1): [("LeNet",), ("neither",), ("both",), (1,)],
    ("lenet_in_keras", 2): [
        (stride_forgotten,),
        (over_the_edge,),
        (turned,),
        (only_rows,),
        (3,),
    ],
    ("lenet_in_keras", 3): [("lower",), ("the same",), (0.1,)],
    ("alexnet_in_keras", 1): [
        (rounded_down,),
        (one_share,),
        (of_the_share,),
        (one_too_many,),
        (299,),
    ],
    ("alexnet_in_keras", 2): [("mirrored",), ("both the same",), ("neither",)],
    ("alexnet_in_keras", 3): [
        ("hardly surer than chance",),
        ("about a quarter",),
        (0.78,),
    ],
    ("vggnet_in_keras", 1): [
        (maps_forgotten,),
        (places_forgotten,),
        (with_biases,),
        (101,),
    ],
    ("vggnet_in_keras", 2): [
        (512, 512 * 4096 + 4096),
        (49 * 512, 49 * 512 * 4096),
        (49 * 512, 49 * 512 * 4096 + 1),
        (7 * 512, 7 * 512 * 4096 + 4096),
        (None, None),
    ],
    ("vggnet_in_keras", 3): [
        (3, 27 / 121),
        (6, 54 / 121),
        (5, 37),
        (5, 0.55),
        (11, 99 / 121),
        ("five", 0.37),
    ],
    ("transfer_learning_in_keras", 1): [
        (no_bias,),
        (one_bias,),
        (round_about,),
        (50178,),
    ],
    ("transfer_learning_in_keras", 2): [("all",), ("only the averages",), (0,)],
    ("transfer_learning_in_keras", 3): [
        (upper_left,),
        (larger_strip_first,),
        (squeezed,),
        (as_it_is,),
    ],
}
RIGHT = {
    ("lenet_in_keras", 1): [("a dense net",), (" A dense net",)],
    ("lenet_in_keras", 2): [(windows,), (by_arrays,)],
    ("lenet_in_keras", 3): [("higher",), ("Higher",)],
    ("alexnet_in_keras", 1): [(by_logarithm,), (by_loop,)],
    ("alexnet_in_keras", 2): [("upside down",), ("Upside down ",)],
    ("alexnet_in_keras", 3): [("more than a half",)],
    ("vggnet_in_keras", 1): [(work,), (lambda *sizes: float(work(*sizes)),)],
    ("vggnet_in_keras", 2): [
        (25088, 102764544),
        (np.int64(25088), 102764544.0),
    ],
    ("vggnet_in_keras", 3): [(5, 45 / 121), (5.0, 0.37), (np.int64(5), 0.372)],
    ("transfer_learning_in_keras", 1): [(counted,), (as_array,)],
    ("transfer_learning_in_keras", 2): [("none",), ("None",)],
    ("transfer_learning_in_keras", 3): [(middle,), (middle_as_list,)],
}


TestAnswers = answers(WRONG, RIGHT)
