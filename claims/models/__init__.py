"""The desk's tables, one aggregate a module."""

from claims.models.capture import CaptureAttempt, Outcome
from claims.models.claim import Claim, ClaimLink, ClaimScope, Comparator, Method, Mode, Rank, ValueKind
from claims.models.dispute import Dispute, DisputeMember
from claims.models.embargo import Embargo
from claims.models.evidence import Drift, Evidence, Stance
from claims.models.gap import Inapplicable
from claims.models.judgement import Judgement, Verdict
from claims.models.kinship import Kinship, SourceKey, TracedText
from claims.models.page import Page
from claims.models.partner import PartnerKey, Submission
from claims.models.property import DataType, Property, ScopeDimension, ScopeTerm
from claims.models.publisher import Publisher, Reliability
from claims.models.reading import ReadText, SkippedFigure, SuggestedFigure
from claims.models.report import Report
from claims.models.review import Approval, Byline, HalfLife, Recheck, Redaction
from claims.models.schedule import Schedule, ScheduledThing
from claims.models.source import Derivation, Snapshot, Source, SourceIdentifier, SourceType
from claims.models.suspicion import LifeBound, SuspectedClaim, Suspicion
from claims.models.talk import Assignment, Comment, Notice
from claims.models.timeline import Timeline, TimelineEra

__all__ = [
    "Approval",
    "Assignment",
    "Byline",
    "CaptureAttempt",
    "Claim",
    "ClaimLink",
    "ClaimScope",
    "Comment",
    "Comparator",
    "DataType",
    "Derivation",
    "Dispute",
    "DisputeMember",
    "Drift",
    "Embargo",
    "Evidence",
    "HalfLife",
    "Inapplicable",
    "Judgement",
    "Kinship",
    "LifeBound",
    "Method",
    "Mode",
    "Notice",
    "Outcome",
    "Page",
    "PartnerKey",
    "Property",
    "Publisher",
    "Rank",
    "ReadText",
    "Recheck",
    "Redaction",
    "Reliability",
    "Report",
    "Schedule",
    "ScheduledThing",
    "ScopeDimension",
    "ScopeTerm",
    "SkippedFigure",
    "Snapshot",
    "Source",
    "SourceIdentifier",
    "SourceKey",
    "SourceType",
    "Stance",
    "Submission",
    "SuggestedFigure",
    "SuspectedClaim",
    "Suspicion",
    "Timeline",
    "TimelineEra",
    "TracedText",
    "ValueKind",
    "Verdict",
]
