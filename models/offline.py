"""Keeps the libraries of the hub from looking for a network at run time."""

import os
import sys


def go_offline() -> None:
    """Call before the first import of transformers or huggingface_hub; later works as well.

    Without it, a missing file is asked for five times over the network, which takes 20 s to fail.
    """
    # Written, not read: both libraries read it once, at their import.
    os.environ["HF_HUB_OFFLINE"] = "1"  # noqa: TID251
    constants = sys.modules.get("huggingface_hub.constants")
    if constants is not None:
        constants.HF_HUB_OFFLINE = True  # type: ignore[attr-defined]


def go_online() -> None:
    """For a command whose purpose is to fetch, in an environment that is offline otherwise."""
    from huggingface_hub import constants

    constants.HF_HUB_OFFLINE = False
