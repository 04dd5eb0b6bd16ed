"""Which claims cannot both hold, and which only answer different questions. Pure Python; see docs/disputes.md."""
