"""The API described for machines (OpenAPI 3.1), and the pages that show it."""
