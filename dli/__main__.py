"""`python -m dli data …`: the data sets, from the command line."""

import sys

from dli.datasets import _command


def main(argv: list[str] | None = None) -> int:
    """Runs one command; returns its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    if argv[:1] != ["data"]:
        print("usage: python -m dli data [status|fetch|export|digest] …")
        return 0 if argv[:1] in (["-h"], ["--help"]) else 2
    return _command.main(argv[1:])


if __name__ == "__main__":
    sys.exit(main())
