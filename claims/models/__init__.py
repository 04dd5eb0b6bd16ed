"""The desk's tables, one aggregate a module."""

from claims.models.capture import CaptureAttempt, Outcome
from claims.models.claim import Claim, ClaimLink, ClaimScope, Comparator, Method, Mode, Rank, ValueKind
from claims.models.dispute import Dispute, DisputeMember
from claims.models.evidence import Drift, Evidence, Stance
from claims.models.property import DataType, Property, ScopeDimension, ScopeTerm
from claims.models.publisher import Publisher, Reliability
from claims.models.reading import SkippedFigure
from claims.models.review import Approval, Byline, Redaction
from claims.models.source import Derivation, Snapshot, Source, SourceIdentifier, SourceType
from claims.models.timeline import Timeline

__all__ = [
    "Approval",
    "Byline",
    "CaptureAttempt",
    "Claim",
    "ClaimLink",
    "ClaimScope",
    "Comparator",
    "DataType",
    "Derivation",
    "Dispute",
    "DisputeMember",
    "Drift",
    "Evidence",
    "Method",
    "Mode",
    "Outcome",
    "Property",
    "Publisher",
    "Rank",
    "Redaction",
    "Reliability",
    "ScopeDimension",
    "ScopeTerm",
    "SkippedFigure",
    "Snapshot",
    "Source",
    "SourceIdentifier",
    "SourceType",
    "Stance",
    "Timeline",
    "ValueKind",
]
