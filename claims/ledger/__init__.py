"""The ledger: what has been published, for ever. It knows nothing of the desk."""
