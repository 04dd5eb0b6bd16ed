"""Which source came from which, and what that does to counting. Pure Python."""
