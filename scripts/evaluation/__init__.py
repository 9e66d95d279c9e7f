"""Evaluations behind the `scripts/evaluate_*.py` commands."""
