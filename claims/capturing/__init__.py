"""What a stranger's bytes say: sniffed, read in a confined process, returned as plain text. Knows no Django."""
