"""Dates and times on the desk, in Vietnamese: the clock of 24 hours, then day, month and year in figures."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j/n/Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "H:i, j/n/Y"
