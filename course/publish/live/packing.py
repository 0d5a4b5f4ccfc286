"""Arrays and words of a page's networks as one script: JSON, and numbers in base64.

A page opened from a disk may not fetch a file, but it may load a script. Numbers keep
the 16 bits of the kept weights; where those would be too many for a page they become
steps of equal size, a size for every column. Bytes stand in planes (all first bytes,
then all second ones), since deflate finds more in them then.
"""

from __future__ import annotations

import base64
import json
import zlib

import numpy as np

from course.publish.live.networks import Network

# With fewer bits than are kept: arrays of so many numbers are sent in steps, those of
# fewer in 16 bits, the smallest as they are.
IN_STEPS, IN_16_BITS = 4_096, 256


def steps(array: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """An array as whole steps up and down, and the size of a step for each column."""
    most = 2 ** (bits - 1) - 1
    whole = np.asarray(array, np.float32)
    columns = np.abs(whole.reshape(-1, whole.shape[-1])).max(axis=0)
    sizes = (np.where(columns > 0, columns, 1) / most).astype(np.float32)
    return np.rint(whole / sizes).clip(-most, most).astype(np.int8), sizes


def as_sent(array: np.ndarray, bits: int = 0) -> np.ndarray:
    """The numbers that a page has after unpacking."""
    if bits and array.size >= IN_STEPS:
        counts, sizes = steps(array, bits)
        return counts.astype(np.float32) * sizes
    return _short(array, bits).astype(np.float32)


def _short(array: np.ndarray, bits: int) -> np.ndarray:
    if bits and array.size >= IN_16_BITS:
        return array.astype(np.float16)
    return array if array.dtype == np.float16 else array.astype(np.float32)


class Payload:
    """What a box of a page needs to know.

    Attributes:
        about: whatever else the page reads, as JSON has it.
        networks: by name, with the bits that their large arrays are sent with.
        missing: a line for the reader on each network that is not there.
    """

    def __init__(self) -> None:
        self.about: dict = {}
        self.networks: dict[str, tuple[Network, int]] = {}
        self.missing: list[str] = []
        self._arrays: dict[str, tuple[np.ndarray, int]] = {}
        self._bytes = bytearray()

    def add_network(self, name: str, network: Network, bits: int = 0) -> None:
        """Send a network; 0 bits are those that are kept."""
        self.networks[name] = (network, bits)

    def add_array(self, name: str, array: np.ndarray, bits: int = 0) -> None:
        """Send an array."""
        self._arrays[name] = (array, bits)

    def script(self, name: str) -> str:
        """The script that hands all of it to the page."""
        self._bytes = bytearray()
        about = self.about | {
            "networks": {
                key: [
                    layer | {"weights": [self._put(a, bits) for a in arrays]}
                    for layer, arrays in zip(
                        network.layers, network.arrays, strict=True
                    )
                ]
                for key, (network, bits) in self.networks.items()
            },
            "arrays": {
                key: self._put(array, bits)
                for key, (array, bits) in self._arrays.items()
            },
        }
        told = json.dumps(about, ensure_ascii=False, separators=(",", ":"))
        # Weights repeat nothing: the strategy that looks for no long repetitions.
        deflate = zlib.compressobj(9, strategy=zlib.Z_FILTERED)
        content = deflate.compress(bytes(self._bytes)) + deflate.flush()
        packed = base64.b64encode(content).decode()
        return f'Live.store("{name}", {told}, "{packed}");\n'

    def _put(self, array: np.ndarray, bits: int) -> dict:
        scale = {}
        if bits and array.size >= IN_STEPS:
            stored, sizes = steps(array, bits)
            form, scale = "steps", {"scale": self._put(sizes, 0)}
        else:
            stored = _short(array, bits)
            form = "f16" if stored.dtype == np.float16 else "f32"
        at = len(self._bytes)
        flat = np.ascontiguousarray(stored).reshape(-1).view(np.uint8)
        self._bytes += flat.reshape(-1, stored.dtype.itemsize).T.tobytes()
        return {"at": at, "shape": list(array.shape), "form": form} | scale
