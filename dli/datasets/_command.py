"""`python -m dli data status|fetch|export|digest`."""

import argparse
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from dli import datasets, files, folders, tables
from dli.datasets._fetch import cache, readers, sources


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; without any, `status`.

    Returns:
        The exit status: 0 if all went well, 1 where a data set can't be had, 2 for a
        mistake in what was asked or an error of the disk, 130 after Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):  # a terminal may know few characters
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    arguments = _parser().parse_args(argv)
    try:
        return arguments.call(arguments)
    except datasets.DataUnavailable as error:
        return _failed(error, 1)
    except (ValueError, OSError) as error:
        return _failed(error, 2)
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130


def _failed(error: Exception, status: int) -> int:
    print(f"dli data: {error}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dli data", description="The data sets of the notebooks."
    )
    parser.set_defaults(call=_status)
    verbs = parser.add_subparsers(metavar="VERB")

    def verb(name, call, text):
        sub = verbs.add_parser(name, help=text, description=text)
        sub.set_defaults(call=call)
        return sub

    def names(sub, text):
        sub.add_argument("names", nargs="*", metavar="NAME", help=text)

    verb("status", _status, "show what is cached, and its licence")
    sub = verb("fetch", _fetch, "fetch data sets into the cache")
    names(sub, "a data set (default: all)")
    sub.add_argument("--refresh", action="store_true", help="fetch also what is cached")
    text = "copy data sets into a folder for DLI_MIRROR, where there is no network"
    sub = verb("export", _export, text)
    sub.add_argument("folder", metavar="FOLDER")
    names(sub, "a data set (default: all that can be had)")
    sub = verb("digest", _digest, "print the hashes that sources.toml wants of a file")
    sub.add_argument("files", nargs="+", metavar="FILE")
    return parser


def _status(arguments) -> int:
    lines = [("data set", "extent", "MB", "source", "licence")]
    for row in datasets.status():
        size = f"{row.size / 1e6:.1f}"
        source = row.source or "not fetched yet"
        lines.append((row.name, row.extent or "none", size, source, row.licence))
    print(tables.text(lines))
    return 0


def _fetch(arguments) -> int:
    missing = False
    fetched = datasets.fetch(arguments.names, refresh=arguments.refresh)
    for name, found in fetched.items():
        if found.reason:
            print(f"{name}: {found.extent}; {found.reason}", file=sys.stderr)
        # What no address has is missed only where it was asked for by name.
        wanted = arguments.names or sources.table()[name].on_network
        missing |= found.extent == "unavailable" and bool(wanted)
    _status(arguments)
    return int(missing)


def _export(arguments) -> int:
    datasets.export(arguments.folder, arguments.names)
    folder = folders.given(arguments.folder)
    print(f"Set DLI_MIRROR to that folder ({folder}) where there is no network.")
    return 0


def _digest(arguments) -> int:
    """The hash of the bytes; of an .npz file also that of the arrays in it."""
    for name in arguments.files:
        file = folders.given(name)
        if file.suffix == ".npz":
            print(f"{_digest_of_arrays(file)}  the arrays in {file.name}")
        print(f"{files.sha256(file)}  the file {file.name}")
    return 0


def _digest_of_arrays(file: Path) -> str:
    try:
        return cache.digest(readers.npz(file))
    except (zipfile.BadZipFile, EOFError) as error:
        raise ValueError(f"{file} is no .npz file ({error})") from error
