"""Timings side by side: our notebooks, and the code as the book prints it.

    make bench                      all parts, about 40 minutes on 2 CPU cores
    python -m benchmarks dqn gan    some of them

See `run` for the parts, `printed` for the other side, `README.md` for the results.
"""
