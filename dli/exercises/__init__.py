"""The notebooks' exercises: is my answer right, and what could help me on?

    exercises.check("simple_cells", 1, prediction)
    exercises.hint("simple_cells", 1)

The exercises themselves are in one module a chapter (`ch01`, ..., `appendix_a`, ...),
written with what `dli.exercises.checking` offers. Only NumPy and the standard library
are imported here.
"""

from dli.exercises.checking import check, grade, hint

__all__ = ["check", "grade", "hint"]
