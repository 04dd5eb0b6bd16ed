"""The editors' desk as a Django admin. site.py says what is registered; every write is one call of an action."""
