"""The files that make images, as the tests of them read them."""

import os

import pytest
import yaml

from course.bootstrap import ROOT

needs_sh = pytest.mark.skipif(os.name == "nt", reason="runs sh scripts")


def load(name: str):
    """The documents of a YAML file; a single one, or several as a list."""
    path = ROOT / name
    if not path.exists():  # .dockerignore keeps some of them out of the image
        pytest.skip(f"{name} is not part of this copy")
    documents = list(yaml.safe_load_all(path.read_text("utf-8")))
    return documents[0] if len(documents) == 1 else documents


def dockerfile() -> str:
    """The text of the Dockerfile."""
    return (ROOT / "Dockerfile").read_text("utf-8")
