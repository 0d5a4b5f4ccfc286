"""What a classroom is given: on the command line, earlier, or in `values.yaml`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import yaml

from course.bootstrap import ROOT
from course.files import write_whole

MARK = "classroom.json"
VALUES = ROOT / "docker" / "classroom" / "values.yaml"  # of the chart, and of this
EDITIONS = ("student", "blank", "solutions")
PORT = 8000

# A Unix account as `useradd` takes it everywhere, and a folder's name.
NAME = r"[a-z][a-z0-9-]{0,30}"


@dataclass(frozen=True)
class Settings:
    """One classroom.

    Attributes:
        folder: where all of it lies.
        teacher: whose account lets students in.
        memory: bytes that one student's processes may have, as JupyterHub writes it.
        idle: seconds after which an idle server is stopped.
        password: characters that a password has at least.
        edition: which notebooks students get; one of EDITIONS.
        ip: the address that the proxy listens on.
        port: its port.
        data: the folder of the data sets, where `DLI_DATA_DIR` named one; "" for ours.
        ssl_cert: a certificate, with `ssl_key`; "" for none.
        ssl_key: its key.
    """

    folder: Path
    teacher: str
    memory: str
    idle: int
    password: int
    edition: str = "student"
    ip: str = "127.0.0.1"
    port: int = PORT
    data: str = ""
    ssl_cert: str = ""
    ssl_key: str = ""

    @property
    def hub(self) -> Path:
        return self.folder / "hub"

    @property
    def shared(self) -> Path:
        return self.folder / "shared"

    @property
    def homes(self) -> Path:
        return self.folder / "homes"

    @property
    def notes(self) -> Path:
        return self.folder / "notes"

    @property
    def data_folder(self) -> Path:
        return Path(self.data) if self.data else self.folder / "data"

    @staticmethod
    def load(folder: Path) -> Settings:
        """Those of a classroom that was prepared before.

        Raises:
            OSError: there is none.
            ValueError: the file was damaged.
        """
        try:
            stored = json.loads((folder / MARK).read_text("utf-8"))
            return Settings(folder=folder, **stored)
        except TypeError as error:
            raise ValueError(f"{folder / MARK}: {error}") from None

    @staticmethod
    def of(folder: Path, given: Mapping[str, object]) -> Settings:
        """What was given now, else what was given before, else what the chart says.

        Args:
            folder: of the classroom; it may not exist yet.
            given: by name; None for what was not.

        Raises:
            ValueError: a value that can't be.
            OSError: `values.yaml` is not part of this copy.
        """
        if (folder / MARK).exists():
            settings = Settings.load(folder)
        else:
            settings = Settings(folder=folder, **of_chart())
        known = {field.name for field in fields(Settings)}
        chosen = {n: v for n, v in given.items() if n in known and v is not None}
        settings = replace(settings, **chosen)
        settings.check()
        return settings

    def check(self) -> None:
        """Raises:
        ValueError: a value that can't be.
        """
        size(self.memory)
        if not re.fullmatch(NAME, self.teacher):
            raise ValueError(f"{self.teacher!r} is no name of an account: {NAME}")
        if self.edition not in EDITIONS:
            raise ValueError(f"no edition {self.edition!r}: {', '.join(EDITIONS)}")
        if not 0 < self.port < 65536:
            raise ValueError(f"no port {self.port}")
        if self.idle <= 0:
            raise ValueError(f"--idle {self.idle}: seconds, more than none")
        if bool(self.ssl_cert) != bool(self.ssl_key):
            raise ValueError("--ssl-cert and --ssl-key belong together")

    def save(self) -> None:
        """Write them for the hub, and for the next start.

        Raises:
            OSError: the folder can't be written.
        """
        stored = asdict(self)
        del stored["folder"]  # it may be moved
        write_whole(self.folder / MARK, json.dumps(stored, indent=1) + "\n")


def of_chart() -> dict:
    """What `values.yaml` says of a classroom on Kubernetes, and so of this one."""
    values = yaml.safe_load(VALUES.read_text("utf-8"))
    config = values["hub"]["config"]
    return {
        "teacher": config["Authenticator"]["admin_users"][0],
        "password": config["NativeAuthenticator"]["minimum_password_length"],
        "memory": values["singleuser"]["memory"]["limit"],
        "idle": values["cull"]["timeout"],
    }


def size(memory: str) -> int:
    """Bytes, of a number with K, M, G or T, as JupyterHub and the chart take it.

    Raises:
        ValueError: it is none.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT])", memory)
    if not found or not float(found[1]):
        raise ValueError(f"--memory {memory}: a number with K, M, G or T, such as 2G")
    return int(float(found[1]) * 1024 ** (1 + "KMGT".index(found[2])))
