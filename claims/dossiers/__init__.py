"""Dossiers: folders of YAML that carry a topic in and out of a Claimbook, losslessly."""
