"""One verb per module; no stage imports another."""
