"""What the companion notebooks to *Deep Learning Illustrated* share.

Notebooks import `dli.datasets`, `dli.book`, `dli.progress` and `dli.figures`;
`python -m dli` runs, records and checks the notebooks (see `dli.cli`).
"""

from dli import on_pytorch, pace

__version__ = "1.0.0"

pace.activate()
on_pytorch.activate()
