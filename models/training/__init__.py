"""The recipe that makes the bundled translation model; needs the `train` extra.

`scripts/prepare_corpus.py`, `scripts/train_vocabulary.py`, `scripts/train_translation.py` and
`scripts/release_translation.py` are its commands, in that order.
"""
