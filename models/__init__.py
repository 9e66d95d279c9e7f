"""Everything that knows what a tensor is; imports nothing from `service`."""
