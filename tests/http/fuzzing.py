"""What schemathesis needs to know to send what we take: loaded by it, see SCHEMATHESIS_HOOKS."""

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def as_lines(context, value):
    """The description says "a string": send it as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
