"""Where partners send claims in. They see what became of their own, and nothing else of the desk."""
