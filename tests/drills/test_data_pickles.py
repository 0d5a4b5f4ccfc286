"""A pickle in a data file is never executed, wherever the file comes from."""

from __future__ import annotations

import io
import pickle
import random
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from dli.datasets import DataUnavailable, _imdb_files, pretrained, quickdraw
from dli.datasets._fetch import cache, delivery, loader, sources
from dli.datasets._fetch.errors import SourceFailed
from tests.support.datasets import Trap, clean, tar, zipped
from tests.support.drills.figures import FULL

SETS = list(sources.table())


class Planted(dict):
    """Files by kind, each of which creates the file `sprung` if it is unpickled."""

    def __init__(self, sprung: Path) -> None:
        trap = Trap(sprung)
        objects = np.array([trap], dtype=object)
        plain = pickle.dumps(trap)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            self[f"pickle {protocol}"] = pickle.dumps(trap, protocol)
        self["npy"] = _saved(np.save, objects)
        self["npz"] = _saved(np.savez, x=objects)
        self["npz, compressed"] = _saved(np.savez_compressed, x=objects)
        self["npz of a pickle"] = zipped({"x.npy": plain})
        self["npz, bare member"] = zipped({"x": plain, "images.npy": self["npy"]})
        self["structured npy"] = _saved(
            np.save, np.array([(1, trap)], dtype=[("n", "i4"), ("o", object)])
        )
        magic = pickle.dumps(0x1950A86A20F9469CFC6C)
        head = magic + pickle.dumps(1001) + pickle.dumps({"little_endian": True})
        self["pth, in the state"] = head + pickle.dumps({"w": trap})
        self["pth, at once"] = plain + head
        self["pth, a zip"] = zipped({"archive/data.pkl": plain})
        self["tar of a pickle"] = tar({"data.pkl": plain}, "w")


def _saved(save, *args, **kwargs) -> bytes:
    out = io.BytesIO()
    save(out, *args, **kwargs)
    return out.getvalue()


@pytest.fixture
def sprung(tmp_path):
    return tmp_path / "sprung"


@pytest.fixture
def planted(sprung):
    """Such files; the traps in them were tried and work."""
    made = Planted(sprung)
    traps = {
        "pickle 4": pickle.loads,
        "npy": lambda b: np.load(io.BytesIO(b), allow_pickle=True),
        "npz": lambda b: np.load(io.BytesIO(b), allow_pickle=True)["x"],
    }
    for name, unpickle in traps.items():
        unpickle(made[name]).close() if name == "pickle 4" else unpickle(made[name])
        assert sprung.exists(), f"{name} is no trap"
        sprung.unlink()
    return made


def loads(name: str) -> None:
    """Loads a data set of the real table in every way that its module has."""
    kind = sources.table()[name].kind
    {"arrays": loader.arrays, "file": loader.file, "archive": loader.folder}[kind](name)
    if name == "efficientnet_lite0":
        pretrained.efficientnet_lite0_weights()


@pytest.mark.parametrize("name", SETS)
def test_a_pickle_in_place_of_a_data_set(
    figures, monkeypatch, tmp_path, planted, sprung, name
):
    """Pickles of every protocol, bare and in npy, npz, pth, zip and tar, are in the
    cache or in the mirror under the name of each file of each data set.

    None is executed: the file it would create is never there.
    """
    clean(monkeypatch, tmp_path)
    monkeypatch.setenv("DLI_STANDIN", "0")
    data_set = sources.table()[name]
    mirror = tmp_path / "mirror"
    monkeypatch.setenv("DLI_MIRROR", str(mirror))

    def without_network(source, into):
        if source.kind == "mirror":
            return real(source, into)
        raise SourceFailed("no network in this drill")

    real = delivery.deliver
    monkeypatch.setattr(delivery, "deliver", without_network)
    places = [cache.path(data_set, extent) for extent in data_set.sha256]
    places += [mirror / s.locator for s in data_set.sources if s.kind == "mirror"]
    tries, missed = 0, []
    chosen = list(planted.items())
    if not FULL:
        chosen = random.Random(name).sample(chosen, 5)
    for place in places:
        for kind, body in chosen:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
            tries += 1
            try:
                loads(name)
                missed.append(f"{kind} as {place.name}: was taken")
            except DataUnavailable:
                pass
            if sprung.exists():
                missed.append(f"{kind} as {place.name}: was executed")
                sprung.unlink()
            place.unlink(missing_ok=True)
    figures.all_caught("pickles in data files", tries=tries, missed=missed)


def test_a_pickle_among_a_readers_own_files(
    figures, monkeypatch, tmp_path, planted, sprung
):
    """The same files in place of a reader's own sketches, and handed to the readers of
    Keras's reviews and of PyTorch's weights.
    """
    clean(monkeypatch, tmp_path)
    (tmp_path / quickdraw.FOLDER).mkdir()
    monkeypatch.chdir(tmp_path)
    own = tmp_path / quickdraw.FOLDER / "apple.npy"
    index = tmp_path / "imdb_word_index.json"
    index.write_text("{}")
    readers = {
        "sketches": (quickdraw.load_data, DataUnavailable),
        "state": (lambda: pretrained.read_state(own), ValueError),
        "keras": (
            lambda: _imdb_files.read_keras({"npz": own, "index": index}),
            ValueError,
        ),
    }
    missed = []
    for kind, body in planted.items():
        own.write_bytes(body)
        for reader, (act, error) in readers.items():
            with pytest.raises(error):
                act()
            if sprung.exists():
                missed.append(f"{kind}, {reader}")
                sprung.unlink()
    tries = len(planted) * len(readers)
    figures.all_caught("pickles in a reader's own files", tries=tries, missed=missed)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("builtins", "__import__"),
        ("subprocess", "Popen"),
        ("torch", "load"),
        ("torch._utils", "_rebuild_tensor"),
        ("collections", "namedtuple"),
        ("collections.abc", "Callable"),
        ("numpy", "load"),
    ],
)
def test_weights_ask_for_nothing_but_tensors(
    figures, monkeypatch, tmp_path, module, name
):
    """A file of weights asks for a function that is none of PyTorch's four: it is not
    even imported.
    """
    called = []
    fake = types.ModuleType(module)
    setattr(fake, name, lambda *args, **kwargs: called.append(args))
    state = f"c{module}\n{name}\n(S'x'\ntR.".encode()
    magic = pickle.dumps(0x1950A86A20F9469CFC6C)
    file = tmp_path / "w.pth"
    file.write_bytes(magic + pickle.dumps(1001) + pickle.dumps({}) + state)
    if module not in ("os", "posix", "builtins", "collections"):
        monkeypatch.setitem(sys.modules, module, fake)
    with pytest.raises(ValueError, match="asks for"):
        pretrained.read_state(file)
    figures.note("weights that ask for a function", tries=1, caught=int(not called))
    assert not called
