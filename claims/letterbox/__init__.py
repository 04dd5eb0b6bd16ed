"""The letterbox: the one way from a reader's page to the desk. It takes letters in and shows nothing of the desk."""
