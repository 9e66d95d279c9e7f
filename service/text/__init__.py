"""Leaves without policy: Unicode, numerals, similarity."""
