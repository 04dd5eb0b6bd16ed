"""How the desk writes moments and days, where Django's own way for a language is not ours."""
