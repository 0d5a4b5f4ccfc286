"""Wrong answers in chapter 12's concept notebooks are refused, right ones taken."""

import math

import numpy as np

from tests.support.exercises import answers

# A GAN in One Dimension


def labels_swapped(on_real, on_forged):
    return -np.log(1 - on_real).mean() - np.log(on_forged).mean()


def mean_of_all(on_real, on_forged):
    return -np.concatenate([np.log(on_real), np.log(1 - on_forged)]).mean()


def sums(on_real, on_forged):
    return -np.log(on_real).sum() - np.log(1 - on_forged).sum()


def without_the_real(on_real, on_forged):
    return -np.log(1 - on_forged).mean()


def one_by_one(on_real, on_forged):
    real = sum(math.log(d) for d in on_real) / len(on_real)
    return -(real + sum(math.log(1 - d) for d in on_forged) / len(on_forged))


# Upsampling and Transposed Convolution


def overwrites(row, kernel, stride):
    out = np.zeros((len(row) - 1) * stride + len(kernel))
    for i, number in enumerate(row):
        out[i * stride : i * stride + len(kernel)] = number * kernel
    return out


def turns(row, kernel, stride):
    return adds(row, kernel[::-1], stride)


def adds(row, kernel, stride):
    out = [0.0] * ((len(row) - 1) * stride + len(kernel))
    for i, number in enumerate(row):
        for j, weight in enumerate(kernel):
            out[i * stride + j] += number * weight
    return out


WRONG = {
    ("gan_in_one_dimension", 1): [(0.25,), (0.5,), (1,)],
    ("gan_in_one_dimension", 2): [
        (labels_swapped,),
        (mean_of_all,),
        (sums,),
        (without_the_real,),
    ],
    ("gan_in_one_dimension", 3): [
        (lambda verdict: verdict / (1 - verdict),),
        (lambda verdict: 1 - verdict,),
        (lambda verdict: 1 / verdict,),
    ],
    ("transposed_convolution", 1): [(4,), (5,), ("3",)],
    ("transposed_convolution", 2): [
        (lambda width, kernel, stride: width * stride,),
        (lambda width, kernel, stride: width * stride + kernel,),
        (lambda width, kernel, stride: (width - kernel) // stride + 1,),
    ],
    ("transposed_convolution", 3): [
        (overwrites,),
        (turns,),
        (lambda row, kernel, stride: np.convolve(row, kernel),),
    ],
}

RIGHT = {
    ("gan_in_one_dimension", 1): [(0.75,), ("0.75",), (3 / 4,)],
    ("gan_in_one_dimension", 2): [(one_by_one,)],
    ("gan_in_one_dimension", 3): [(lambda verdict: 1 / verdict - 1,)],
    ("transposed_convolution", 1): [(6,), ("6",)],
    ("transposed_convolution", 2): [
        (lambda width, kernel, stride: width * stride - stride + kernel,)
    ],
    ("transposed_convolution", 3): [(adds,)],
}


TestAnswers = answers(WRONG, RIGHT)
