"""From a page's HTML to its article; `page.extract_page` is the way in.

Nothing here opens a socket or a file. `child.py` runs it in a process that may be killed.
"""
