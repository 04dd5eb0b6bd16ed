"""Claims, entities and sources as rows of a table, out of the desk and back through its actions."""
