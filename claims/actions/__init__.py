"""Every write that means something: nouns as modules, verbs as functions."""
