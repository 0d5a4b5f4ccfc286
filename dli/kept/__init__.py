"""Kept weights: what a recorded training left, stored beside its notebook.

`recorder` notes it while a notebook is recorded, `description` says what a training
depends on, `files` is the form in which it is stored. Readers use `dli.weights`.
"""
