"""Oxford Flowers-17: 80 photographs of each of 17 kinds (Nilsback & Zisserman 2006).

The publisher's photographs have many sizes. Here each is squeezed into 224 × 224
pixels, once, and the cache keeps the result. Bytes may differ by a little from
machine to machine, as decoders of JPEG do, and between the publisher's archive and
the mirror's (whose pictures were squeezed and compressed again).
"""

import io
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dli.datasets._fetch import archives, live, loader, readers, recipes
from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins import flowers17 as made_up

CLASSES = (
    "daffodil",
    "snowdrop",
    "lily of the valley",
    "bluebell",
    "crocus",
    "iris",
    "tiger lily",
    "tulip",
    "fritillary",
    "sunflower",
    "daisy",
    "colt's foot",
    "dandelion",
    "cowslip",
    "buttercup",
    "windflower",
    "pansy",
)
EACH = 80  # photographs of a kind
SIDE = 224  # pixels

_COUNT = EACH * len(CLASSES)
_PHOTOGRAPH = re.compile(r"(?:.*/)?image_(\d{4})\.jpg")
_LARGEST = 4096  # pixels a side; the publisher's have fewer than 1,300


def load_data() -> tuple[np.ndarray, np.ndarray]:
    """All photographs and their kinds, in the order of the publisher's archive.

    Returns:
        `X, y`: photographs, uint8 of shape (1360, 224, 224, 3), red, green and blue
        from 0 to 255; labels 0 to 16 as in `CLASSES`, uint8 of shape (1360,), the 80
        of each kind one after the other.

    Raises:
        DataUnavailable: no source has it and stand-ins are turned off, or the cache
            can't be written.
    """
    data = loader.arrays("flowers17")
    return data["images"], data["labels"]


# --- readers (see _fetch.readers) -----------------------------------------------------


def read_photographs(files: Mapping[str, Path]) -> Arrays:
    """An archive of `image_0001.jpg` to `image_1360.jpg`, in whatever folder.

    Raises:
        ValueError: a photograph is missing, there twice, or does not decode.
        archives.UnsafeArchive: the archive is broken or unsafe.
    """
    images = np.empty((_COUNT, SIDE, SIDE, 3), np.uint8)
    seen: set[int] = set()
    with live.line(f"decoding {_COUNT:,} photographs, once"):
        for match, packed in archives.contents(files["file"], _PHOTOGRAPH):
            number = int(match[1])
            if not 1 <= number <= _COUNT or number in seen:
                what = "there twice" if number in seen else "not of this data set"
                raise ValueError(f"{match[0]} is {what}")
            seen.add(number)
            try:
                images[number - 1] = _squeezed(packed)
            except Exception as error:  # a broken picture fails in many ways
                raise ValueError(f"{match[0]} does not decode: {error}") from error
    if len(seen) < _COUNT:
        first = next(n for n in range(1, _COUNT + 1) if n not in seen)
        raise ValueError(
            f"it holds {len(seen):,} of {_COUNT:,} photographs; "
            f"image_{first:04}.jpg is missing"
        )
    return {"images": images, "labels": _labels()}


def read_kept(files: Mapping[str, Path]) -> Arrays:
    """What the cache keeps, out of a mirror.

    Raises:
        ValueError: it holds something else.
    """
    data = readers.read_npz(files)
    images, labels = data.get("images"), data.get("labels")
    if (
        set(data) != {"images", "labels"}
        or images.dtype != np.uint8
        or images.shape != (_COUNT, SIDE, SIDE, 3)
        or labels.dtype != np.uint8
        or not np.array_equal(labels, _labels())
    ):
        raise ValueError("it does not hold the arrays of this data set")
    return data


def _squeezed(packed: bytes) -> np.ndarray:
    """A JPEG as uint8 of shape (224, 224, 3), whatever its proportions were."""
    from PIL import Image

    with Image.open(io.BytesIO(packed), formats=["JPEG"]) as photograph:
        if max(photograph.size) > _LARGEST:
            raise ValueError(f"{photograph.width}×{photograph.height} pixels")
        colours = photograph.convert("RGB")
    return np.asarray(colours.resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def _labels() -> np.ndarray:
    return np.repeat(np.arange(len(CLASSES), dtype=np.uint8), EACH)


recipes.register(
    "flowers17",
    readers={"photographs": read_photographs, "kept": read_kept},
    stand_in=made_up.make,
)
