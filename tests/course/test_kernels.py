"""Kernels: their names, and what they set for themselves."""

import asyncio
import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import v4

from course import bootstrap, cli, kernels
from course.kernels import Backend, Pace
from course.run.execution import kernel_environment


@pytest.mark.parametrize(
    ("pace", "backend", "kernel"),
    [
        ("full", "tensorflow", "python3"),
        ("quick", "tensorflow", "dli-quick"),
        ("full", "jax", "dli-jax"),
        ("quick", "torch", "dli-torch-quick"),
    ],
)
def test_name(pace, backend, kernel):
    assert kernels.name(pace, backend) == kernel
    assert kernels.backend_of(kernel) == backend


def test_unknown_pace_or_backend():
    with pytest.raises(ValueError, match="slow"):
        kernels.name("slow")
    with pytest.raises(ValueError, match="theano"):
        kernels.name("quick", "theano")


def test_installed_kernels(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels.sys, "prefix", str(tmp_path))
    there = {"jax"}
    monkeypatch.setattr(kernels, "find_spec", lambda name: name in there or None)
    written = bootstrap.install_kernels()
    specs = {path.parent.name: json.loads(path.read_text()) for path in written}
    assert set(specs) == {
        *("python3", "dli-trained", "dli-quick"),
        *("dli-jax", "dli-jax-trained", "dli-jax-quick"),
    }
    for name, spec in specs.items():
        assert spec["env"]["KERAS_BACKEND"] == kernels.backend_of(name)
        paces = [pace for pace in ("trained", "quick") if pace in name]
        assert spec["env"]["DLI_PACE"] == (*paces, "full")[0]
        assert spec["env"]["DLI_CLONE"] == str(bootstrap.ROOT)
        assert "--ext=dli.kernel" in spec["argv"]
    assert specs["dli-quick"]["display_name"] == "Deep Learning Illustrated (quick)"
    assert specs["dli-jax"]["display_name"] == "Deep Learning Illustrated (JAX)"
    there.clear()
    bootstrap.install_kernels()
    left = sorted(path.name for path in written[0].parents[1].iterdir())
    assert left == ["dli-quick", "dli-trained", "python3"], (
        "JAX is gone, and so are its kernels"
    )


def test_a_backend_that_is_not_installed_is_asked_for_by_name(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "ensure", lambda **_: None)
    monkeypatch.setattr(kernels, "find_spec", lambda name: None)
    bootstrap.need_backend(Backend.TENSORFLOW)
    assert cli.main(["test", "--backend", "jax"]) == 2
    assert "JAX is not installed: `make jax`" in capsys.readouterr().err
    with pytest.raises(bootstrap.SetupError, match="`make pytorch`"):
        bootstrap.need_backend(Backend.TORCH)


# What a reader's own settings must not decide, and what a kernel of ours says there.
_ASKED = """
import os, keras, matplotlib, numpy as np
print(keras.backend.backend(), keras.config.image_data_format())
print(keras.config.floatx(), matplotlib.rcParams["lines.linewidth"])
print(os.environ["TF_USE_LEGACY_KERAS"], matplotlib.get_backend())
1
2
"""


def test_a_readers_own_settings_do_not_reach_a_kernel_of_ours(tmp_path, monkeypatch):
    """keras.json, a matplotlibrc, an IPython profile, and variables of the shell."""
    (tmp_path / "keras.json").write_text(
        '{"image_data_format": "channels_first", "floatx": "float16", "backend": "jax"}'
    )
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\n")
    profile = tmp_path / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_config.py").write_text(
        "c.InteractiveShell.ast_node_interactivity = 'all'\n"
    )
    for name, value in {
        "KERAS_HOME": tmp_path,
        "KERAS_BACKEND": "jax",
        "TF_USE_LEGACY_KERAS": "1",
        "MPLBACKEND": "module://backend_interagg",
        "MATPLOTLIBRC": tmp_path / "matplotlibrc",
        "IPYTHONDIR": tmp_path / "ipython",
        "DLI_PACE": "quick",
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(kernels.sys, "prefix", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))
    bootstrap.install_kernels()
    content = v4.new_notebook(cells=[v4.new_code_cell(_ASKED)])
    client = NotebookClient(content, kernel_name="dli-quick", timeout=120)
    asyncio.run(client.async_execute(env=kernel_environment()))
    said = "".join(o.get("text", "") for o in content.cells[0].outputs)
    assert said.splitlines() == [
        "tensorflow channels_last",
        "float32 1.5",
        "0 module://matplotlib_inline.backend_inline",
    ]
    shown = [o for o in content.cells[0].outputs if o.output_type == "execute_result"]
    assert len(shown) == 1, "only the last expression of a cell is shown"
    nbformat.validate(content)


def test_importing_dli_is_light():
    """No Keras, IPython or requests, and it takes no time."""
    code = (
        "import sys, time; started = time.process_time(); import dli; "
        "print(time.process_time() - started); "
        "from dli import book; from dli.datasets import mnist; "
        "names = ('keras', 'IPython', 'requests', 'tensorflow'); "
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=bootstrap.ROOT,
        env=os.environ,
    )
    seconds, names = done.stdout.splitlines()
    assert float(seconds) < 0.02
    assert names == "[]"


def test_every_pace_has_a_time_limit():
    assert set(kernels.CELL_TIMEOUT) == set(Pace)
