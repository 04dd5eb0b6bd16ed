"""What a figure of an article may say: whom it is about, which property, and what we hold already. Pure Python."""
