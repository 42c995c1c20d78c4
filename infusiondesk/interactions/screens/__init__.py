"""The library of what must not meet: rules, and the sets that were taken in beside our own."""
