"""The groups: what the migrations give each, and that it can be taken back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from claims.workflow import Role
from tests.roles import ROLES, held


def test_each_role_may_do_what_the_one_before_may() -> None:
    assert [*ROLES] == [role.value for role in Role]
    for lower, higher in pairwise(ROLES.values()):
        assert lower < higher


def test_who_approves_publishes_and_administers() -> None:
    for permission, number in {
        "claims.change_claim": 4, "claims.approve_claim": 3, "claims.publish_claim": 2, "claims.administer_claim": 1,
    }.items():  # fmt: skip
        assert sum(permission in given for given in ROLES.values()) == number


def test_nobody_is_given_the_right_to_delete_what_can_be_published() -> None:
    assert {one for given in ROLES.values() for one in given if ".delete_" in one} == {
        "claims.delete_halflife"
    }


@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_taken_back_and_done_again() -> None:
    Group.objects.get_or_create(name="translators")
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        MigrationExecutor(connection).migrate([("claims", "0005_workflow")])
        assert [one.name for one in Group.objects.all()] == ["translators"]
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert {role: held(role) for role in ROLES} == ROLES
