"""The states of the desk's version, and which may follow which. One table.

*Published*, *changed since* and *withdrawn* are no states: the ledger says them. Approved is reached by an approval or
by publishing, never by saving.
"""

from collections.abc import Mapping

from kb.models import State

# From each state: where an editor's save may lead, the usual one first.
AFTER_SAVING: Mapping[State | None, tuple[State, ...]] = {
    None: (State.DRAFT, State.IN_REVIEW),  # new
    State.PROPOSED: (State.DRAFT, State.IN_REVIEW, State.REJECTED, State.DISCARDED),
    State.DRAFT: (State.DRAFT, State.IN_REVIEW, State.DISCARDED),
    State.IN_REVIEW: (State.IN_REVIEW, State.DRAFT, State.REJECTED, State.DISCARDED),
    State.APPROVED: (State.DRAFT, State.IN_REVIEW),
    State.REJECTED: (State.DRAFT, State.IN_REVIEW, State.DISCARDED),
    State.DISCARDED: (State.DRAFT, State.DISCARDED),
}

# What an approval may be given to, and what may be published.
APPROVABLE = frozenset({State.DRAFT, State.IN_REVIEW, State.APPROVED})


def after_saving(state: State | None) -> tuple[State, ...]:
    """Where saving something in `state` may lead; None for what is new."""
    return AFTER_SAVING[state]


def approvable(state: State) -> bool:
    return state in APPROVABLE
