"""From a text in any language to its figures, dates and names, each at its place. Pure Python.

`reading.read` is the way in. Nothing is guessed: what cannot be read safely has a reason instead of a value.
"""
