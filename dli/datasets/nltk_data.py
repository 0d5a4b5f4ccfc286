"""Corpora and tokenisers for NLTK: `gutenberg`, `stopwords` and `punkt_tab`.

After `ensure("gutenberg")` NLTK finds that resource as if its own downloader had
fetched it, in this process only: the files lie in our cache, its folder is put first
in `nltk.data.path`, and the folders NLTK uses by itself are not written to. Of stop
words and sentence tokenisers the English ones are kept; a reader's other languages
stay within reach.
"""

import atexit
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dli.datasets._fetch import cache, disk, loader, recipes
from dli.datasets._fetch.errors import CacheUnusable
from dli.datasets._fetch.readers import Arrays
from dli.datasets._stand_ins import gutenberg, punkt_tab, stopwords

#: Where NLTK looks for each resource below a folder of `nltk.data.path`.
PLACES = {
    "gutenberg": "corpora/gutenberg",
    "stopwords": "corpora/stopwords",
    "punkt_tab": "tokenizers/punkt_tab",
}
MAX_BYTES = 64 * 2**20  # unpacked; the largest resource has 12 MB

_private: dict[str, Path] = {}  # by digest, copies in a temporary folder


def ensure(*names: str) -> None:
    """Makes resources loadable by NLTK in this process, fetching them if need be.

    Args:
        names: of the resources, as in `nltk.download`; all where none is named.

    Raises:
        ValueError: NLTK's name of a resource that this project does not provide.
        DataUnavailable: no source has it, or the cache can't be written.
    """
    unknown = [name for name in names if name not in PLACES]
    if unknown:
        raise ValueError(
            f"no NLTK resource {unknown[0]!r} here; there are: {', '.join(PLACES)}"
        )
    import nltk

    for name in names or PLACES:
        files = loader.arrays(name)
        # NLTK looks for the lists of all languages in the first folder that has any.
        others = _others(files, nltk.data.path) if name == "stopwords" else {}
        if others:
            root = str(_private_root(name, {**others, **files}))
        else:
            root = str(_root(name, files))
        if root in nltk.data.path:
            nltk.data.path.remove(root)
        nltk.data.path.insert(0, root)


def _root(name: str, files: Arrays) -> Path:
    """The folder for `nltk.data.path` in which a resource lies unpacked."""
    stand_in = loader.provenance()[name].extent == "stand-in"
    root = disk.folder() / ("stand-in" if stand_in else "") / "nltk_data"
    try:
        disk.made_folder(
            name,
            root / PLACES[name],
            cache.digest(files),
            lambda into: _write(files, into),
        )
        if _trusted(root, PLACES[name]):
            return root
    except CacheUnusable:  # a cache that can only be read: it holds the arrays
        pass
    return _private_root(name, files)


def _private_root(name: str, files: Arrays) -> Path:
    """The same in a temporary folder of this process."""
    digest = cache.digest(files)
    if digest not in _private:
        _private[digest] = Path(tempfile.mkdtemp(prefix="dli-nltk-"))
        atexit.register(shutil.rmtree, _private[digest], ignore_errors=True)
        _write(files, _private[digest] / PLACES[name])
        _trusted(_private[digest], PLACES[name])
    return _private[digest]


def _others(files: Arrays, folders: list[str]) -> Arrays:
    """The lists of stop words in a reader's own folders that are not among ours."""
    found: Arrays = {}
    for folder in folders:
        place = Path(folder) / PLACES["stopwords"]
        try:
            if place.is_dir():
                inside = [f for f in sorted(place.iterdir()) if f.is_file()]
                lists = {file.name: _bytes(file.read_bytes()) for file in inside}
            else:
                lists = _unzipped({"zip": place.with_suffix(".zip")}, "stopwords/")
        except (OSError, ValueError):  # not there, or nothing that NLTK could read
            continue
        found = {**lists, **found}
    ours = {*files, disk.HASH_LIST}
    return {name: content for name, content in found.items() if name not in ours}


def _write(files: Arrays, into: Path) -> None:
    for name, content in files.items():
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.tobytes())


def _trusted(root: Path, place: str) -> bool:
    """Whether NLTK will read the files, their permissions mended where we may.

    From 3.10 on NLTK refuses files and folders that another account (but root) owns
    or that are writable for others.
    """
    if os.name != "posix":
        return True
    folder = root / place
    for path in (root, folder.parent, folder, *folder.rglob("*")):
        found = path.stat()
        if found.st_uid not in (os.geteuid(), 0):
            return False
        for_others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if for_others:
            try:
                path.chmod(stat.S_IMODE(found.st_mode) & ~for_others)
            except OSError:
                return False
            if path.stat().st_mode & for_others:  # a file system without modes
                return False
    return True


# --- readers: NLTK's packages, whoever zipped them --------------------------------


def read_gutenberg(files: Mapping[str, Path]) -> Arrays:
    """The books, `austen-emma.txt` to `whitman-leaves.txt`, as bytes."""
    return _unzipped(files, "gutenberg/", ".txt")


def read_stopwords(files: Mapping[str, Path]) -> Arrays:
    """The file `english` as bytes."""
    return _unzipped(files, "stopwords/english")


def read_punkt_tab(files: Mapping[str, Path]) -> Arrays:
    """The four tables of the English model as bytes, below `english/`."""
    return _unzipped(files, "punkt_tab/english/", ".t")


def _unzipped(files: Mapping[str, Path], start: str, part: str = "") -> Arrays:
    """The files of the one zip whose path begins with `start` and holds `part`.

    Returns:
        uint8 arrays; their names lack the archive's top folder.

    Raises:
        ValueError: the archive is broken, too large, or holds no such file.
        OSError: it can't be read.
    """
    (archive,) = files.values()
    try:
        with zipfile.ZipFile(archive) as zipped:
            wanted = {
                info.filename.partition("/")[2]: info
                for info in zipped.infolist()
                if info.filename.startswith(start)
                and part in info.filename
                and not info.is_dir()
                and ".." not in info.filename
            }
            if not wanted:
                raise ValueError(f"{archive.name} holds no file {start}*{part}")
            if sum(info.file_size for info in wanted.values()) > MAX_BYTES:
                raise ValueError(f"{archive.name} unpacks to more than 64 MiB")
            return {name: _bytes(zipped.read(i)) for name, i in wanted.items()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ValueError(
            f"{archive.name} is truncated or no zip archive ({error})"
        ) from error


def _bytes(content: bytes) -> np.ndarray:
    return np.frombuffer(content, np.uint8)


recipes.register(
    "gutenberg",
    readers={"gutenberg": read_gutenberg},
    stand_in=gutenberg.make,
)
recipes.register(
    "stopwords",
    readers={"stopwords": read_stopwords},
    stand_in=stopwords.make,
)
recipes.register(
    "punkt_tab",
    readers={"punkt_tab": read_punkt_tab},
    stand_in=punkt_tab.make,
)
