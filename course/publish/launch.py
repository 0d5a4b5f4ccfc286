"""`course launch`: copies of the notebooks that open in a hosted service, and badges.

A copy is the recorded notebook with one cell more, which installs `dli` from the
repository and replaces no package that is there. Copies are pure functions of the
recordings and of the repository's name; a workflow keeps them on the branch `launch`.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from course import catalogue
from course.catalogue import Notebook
from course.files import write_notebook, write_whole

BRANCH = "launch"

#: Minutes on two CPU cores from which a GPU pays.
GPU_MINUTES = 5

# Packages that notebooks import and a hosted service may lack.
_MAY_LACK = {
    "gensim": "gensim",
    "gymnasium": "gymnasium[classic-control]",
    "nltk": "nltk",
    "optuna": "optuna",
}
_LIBRARIES = re.compile(
    r"^\s*(?:from|import) (keras|tensorflow|torch|gensim|nltk|gymnasium)\b", re.M
)

_SET_UP = """\
# Set up, once a session: installs dli, and replaces no package that is here.
import subprocess
import sys
from importlib.metadata import distributions

with open("here.txt", "w") as here:
    here.writelines(f"{{d.name}}=={{d.version}}\\n" for d in distributions() if d.name)
pip = [sys.executable, "-m", "pip", "install", "--quiet", "--constraint", "here.txt"]
if subprocess.run([*pip, {wanted}]).returncode:
    raise SystemExit(
        "dli could not be installed beside the packages of this service. Which of them "
        "is too old or too new stands above; see the page Troubleshooting."
    )
%load_ext dli.kernel"""


@dataclass(frozen=True)
class Repository:
    """Where the copies will lie: OWNER/NAME on GitHub."""

    owner: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Repository:
        """OWNER/NAME, or an address that ends so.

        Raises:
            ValueError: it is neither.
        """
        found = re.search(r"(?:^|[/:])([\w.-]+)/([\w.-]+?)(?:\.git)?/?$", text.strip())
        if not found:
            raise ValueError(f"{text!r} is no repository: say OWNER/NAME")
        return cls(found[1], found[2])

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"


def hosted(notebook: Notebook, repository: Repository) -> dict:
    """The notebook with a cell that installs what it needs, after the title.

    Outputs are kept. A hint asks Colab and Kaggle for a GPU where one pays.
    """
    content = copy.deepcopy(notebook.content)
    dli = f"dli @ git+https://github.com/{repository}"
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "launch-set-up",
        "metadata": {"tags": ["launch"]},
        "outputs": [],
        "source": set_up([dli, *may_lack(notebook)]),
    }
    content["cells"].insert(1, cell)
    metadata = content["metadata"]
    metadata.pop("dli", None)  # a copy is no recording
    metadata["colab"] = {"provenance": [], "name": f"{notebook.entry.file}.ipynb"}
    metadata["kaggle"] = {"isInternetEnabled": True, "accelerator": "none"}
    if wants_gpu(notebook):
        metadata["accelerator"] = "GPU"
        metadata["kaggle"]["accelerator"] = "gpu"
    return content


def may_lack(notebook: Notebook) -> list[str]:
    """Packages that it imports and that a hosted service may lack, as pip says them."""
    code = notebook.code()
    return [
        package
        for name, package in _MAY_LACK.items()
        if re.search(rf"^\s*(?:from|import) {name}\b", code, re.M)
    ]


def set_up(wanted: Iterable[str]) -> str:
    """The cell that installs packages and replaces none that is there."""
    return _SET_UP.format(wanted=", ".join(json.dumps(package) for package in wanted))


def wants_gpu(notebook: Notebook) -> bool:
    """Whether a GPU pays: a long training with Keras."""
    is_keras = re.search(r"^\s*(?:import|from) keras\b", notebook.code(), re.M)
    return bool(is_keras) and notebook.entry.minutes >= GPU_MINUTES


def is_numpy_only(notebook: Notebook) -> bool:
    """Whether it fits into Binder's 2 GB: no library for networks or language."""
    return not _LIBRARIES.search(notebook.code())


def addresses(notebook: Notebook, repository: Repository) -> dict[str, str]:
    """Where a notebook opens: service to address."""
    path = f"notebooks/{notebook.name}.ipynb"
    on_branch = f"github.com/{repository}/blob/{BRANCH}/{path}"
    clone = quote(f"https://github.com/{repository}", safe="")
    in_lab = quote(f"lab/tree/{repository.name}/{path}", safe="")
    found = {
        "Colab": "https://colab.research.google.com/"
        f"github/{repository}/blob/{BRANCH}/{path}",
        "Kaggle": f"https://kaggle.com/kernels/welcome?src=https://{on_branch}",
        "Codespaces": f"https://codespaces.new/{repository}",
        "nbgitpuller": f"hub/user-redirect/git-pull?repo={clone}&branch=main"
        f"&urlpath={in_lab}",
    }
    if is_numpy_only(notebook):
        lab = quote(path, safe="")
        found["Binder"] = f"https://mybinder.org/v2/gh/{repository}/main?labpath={lab}"
    return found


def write(repository: Repository, into: Path) -> list[Path]:
    """Write the copies and a page of badges.

    Returns:
        The files written.

    Raises:
        OSError: they can't be written.
    """
    written = []
    for notebook in catalogue.notebooks():
        target = into / "notebooks" / f"{notebook.name}.ipynb"
        write_notebook(target, hosted(notebook, repository))
        written.append(target)
    page = into / "README.md"
    write_whole(page, badges(repository))
    return [*written, page]


def badges(repository: Repository) -> str:
    """A table of all notebooks and where each opens, in Markdown."""
    lines = [
        "# Open a notebook somewhere else",
        "",
        "Written by `python -m course launch`. Colab and Kaggle open copies whose "
        "second cell installs `dli`; Codespaces makes the whole environment; Binder "
        "runs the notebooks that need no Keras. For a hub with nbgitpuller put its "
        "address before the link.",
        "",
        "| notebook | opens in |",
        "|---|---|",
    ]
    for notebook in catalogue.notebooks():
        found = addresses(notebook, repository)
        links = " · ".join(
            f"[{name}]({address})" if ":" in address else f"{name}: `{address}`"
            for name, address in found.items()
        )
        lines.append(f"| {notebook.entry.chapter}: {notebook.entry.title} | {links} |")
    return "\n".join(lines) + "\n"
