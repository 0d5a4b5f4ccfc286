"""What the companion notebooks to *Deep Learning Illustrated* import.

`dli.datasets` loads the data, `dli.book` keeps the scoreboard, `dli.progress` shows a
training under way and `dli.figures` shows pictures with their text. Importing any of
them changes nothing elsewhere; what our Jupyter kernels change is in `dli.kernel`.
What runs, records and checks the notebooks is the package `course`.
"""

__version__ = "2.0.0"
