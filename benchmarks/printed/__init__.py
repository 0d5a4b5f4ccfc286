"""The printed side: each training as the book does it, on the same library versions.

Written by ourselves, short, from what the book and its authors' notebooks do: `compile`
and `fit` without further settings, `predict` and `fit` sample by sample in the DQN,
`predict` in the loop of the GAN, a corpus that is cut into words again at each pass.
What no longer runs at all is replaced by its nearest relative, and nothing else.
"""
