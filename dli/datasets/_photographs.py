"""A reader's own photographs, made ready for Keras.

Keras decodes pictures with TensorFlow and looks neither at their orientation nor at
what else a telephone writes. So every photograph is decoded here, turned upright and
written again as a plain JPEG: what is checked is what is read later.
"""

from pathlib import Path

import numpy as np

from dli.datasets._fetch import disk

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")  # that Keras looks for
FOREIGN = (".avif", ".dng", ".heic", ".heif", ".jfif", ".tif", ".tiff", ".webp")
SIDE = 512  # pixels that the shorter side keeps at most; networks look at 224

_FORMATS = ("BMP", "GIF", "JPEG", "PNG")
_NAMED = 3  # broken pictures that an error names


def prepare(pictures: dict[Path, list[Path]], into: Path) -> None:
    """Writes photographs as JPEGs: upright by their EXIF, RGB, not larger than needed.

    Args:
        pictures: for each folder below `into` its photographs, in order.
        into: an existing folder.

    Raises:
        ValueError: some can't be decoded; they are named.
        CacheUnusable: a picture can't be written.
    """
    broken = []
    for folder, files in pictures.items():
        with disk.writing():
            (into / folder).mkdir(parents=True)
        for number, file in enumerate(files):
            try:
                picture = _decoded(file)
            except Exception as error:  # a broken picture fails in many ways
                # Pillow names the file in full, which is known here.
                why = "no picture" if "cannot identify" in str(error) else error
                broken.append(f"{printable(folder / file.name)} ({why})")
                continue
            with disk.writing():
                picture.save(into / folder / f"{number:05}.jpg", quality=95)
    if broken:
        more = f" and {len(broken) - _NAMED} more" if len(broken) > _NAMED else ""
        raise ValueError(
            f"these do not decode: {', '.join(broken[:_NAMED])}{more}; remove or "
            "replace them"
        )


def square(file: Path, side: int) -> np.ndarray:
    """The middle of one photograph: upright, nothing squeezed.

    Args:
        file: of one of the kinds in `SUFFIXES`.
        side: pixels.

    Returns:
        uint8 of shape (side, side, 3), red, green and blue.

    Raises:
        ValueError: the file can't be read as a photograph; it is named.
    """
    from PIL import Image, ImageOps

    try:
        picture = _decoded(file)
    except Exception as error:  # a broken picture fails in many ways
        why = "no picture" if "cannot identify" in str(error) else error
        raise ValueError(
            f"{printable(file)} can't be used ({why}); save it as JPEG or PNG"
        ) from None
    return np.asarray(ImageOps.fit(picture, (side, side), Image.Resampling.BICUBIC))


def _decoded(file: Path):
    """A photograph as a picture of Pillow's, RGB and upright."""
    from PIL import Image, ImageOps

    with Image.open(file, formats=_FORMATS) as opened:
        opened.draft(None, (SIDE, SIDE))  # a large JPEG is decoded at a smaller scale
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    scale = SIDE / min(picture.size)
    if scale < 1:
        size = [max(SIDE, round(side * scale)) for side in picture.size]
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    return picture


def printable(path: Path) -> str:
    """A path in words that any terminal shows, whatever its bytes are."""
    return path.as_posix().encode("utf-8", "replace").decode()
