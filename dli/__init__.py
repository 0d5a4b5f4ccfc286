"""What the companion notebooks to *Deep Learning Illustrated* share.

Notebooks import `dli.datasets`, `dli.book`, `dli.progress` and `dli.figures`;
`python -m course` runs, records and checks the notebooks (see `course.cli`).
"""

from dli.kernel import pace, pytorch

__version__ = "1.0.0"

pace.activate()
pytorch.activate()
