"""What editors compare bodies with: the differences that readers see too."""

from claims.differences import Difference, Line, differences, part_name, refs_in, said

__all__ = ["Difference", "Line", "differences", "part_name", "refs_in", "said"]
