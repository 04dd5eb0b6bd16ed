"""The table of states."""

from claims.workflow import AFTER_SAVING, after_saving, approvable
from kb.models import State


def test_every_state_has_its_row() -> None:
    assert set(AFTER_SAVING) == {None, *State}


def test_saving_never_approves() -> None:
    assert all(State.APPROVED not in after_saving(state) for state in AFTER_SAVING)


def test_what_is_put_aside_is_not_approvable() -> None:
    assert [state for state in State if not approvable(state)] == [
        State.PROPOSED,
        State.REJECTED,
        State.DISCARDED,
    ]
