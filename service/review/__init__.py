"""Reviewing: what is shown, what reviewers decide, what is made of their decisions.

Pure functions and values; rows live in `service.store`, pages in `service.http.review`.
"""
