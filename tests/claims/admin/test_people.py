"""Administrators make people; they cannot make themselves more than administrators."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import translation

from claims.actions.preferences import prefer
from claims.admin.people import group_label, permission_label
from tests.roles import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    return member("administrator", "chief")


@pytest.fixture
def office(chief: User) -> Client:
    client = Client()
    client.force_login(chief)
    return client


def _form(user: User, **changes: object) -> dict[str, object]:
    joined = user.date_joined
    return {
        "username": user.username, "first_name": "", "last_name": "", "email": "", "is_active": "on", "is_staff": "on",
        "groups": [group.pk for group in user.groups.all()], "date_joined_0": joined.strftime("%Y-%m-%d"),
        "date_joined_1": joined.strftime("%H:%M:%S"), **changes,
    }  # fmt: skip


def test_nobody_makes_themselves_a_superuser(office: Client, chief: User) -> None:
    address = f"/admin/auth/user/{chief.pk}/change/"
    assert 'name="is_superuser"' not in office.get(address).content.decode()
    assert office.post(address, _form(chief, is_superuser="on", user_permissions=[1, 2])).status_code == 302
    chief.refresh_from_db()
    assert not chief.is_superuser
    assert not chief.user_permissions.exists()


def test_a_colleague_is_put_into_a_group(office: Client) -> None:
    colleague = member("contributor", "colleague")
    editor = Group.objects.get(name="editor")
    answer = office.post(f"/admin/auth/user/{colleague.pk}/change/", _form(colleague, groups=[editor.pk]))
    assert answer.status_code == 302
    assert list(colleague.groups.all()) == [editor]


def test_a_superuser_is_out_of_reach(office: Client) -> None:
    owner = User.objects.create_superuser("owner", password="a-long-password")
    for address in (f"/admin/auth/user/{owner.pk}/change/", f"/admin/auth/user/{owner.pk}/password/"):
        assert (
            office.post(address, _form(owner, password1="taken-over-1", password2="taken-over-1")).status_code
            == 403
        )
    owner.refresh_from_db()
    assert owner.check_password("a-long-password")


def test_a_superuser_may(chief: User) -> None:
    owner = Client()
    owner.force_login(User.objects.create_superuser("owner", password="a-long-password"))
    assert (
        owner.post(f"/admin/auth/user/{chief.pk}/change/", _form(chief, is_superuser="on")).status_code == 302
    )
    chief.refresh_from_db()
    assert chief.is_superuser


def test_the_form_of_a_user_says_what_each_group_does(office: Client, chief: User) -> None:
    html = office.get(f"/admin/auth/user/{chief.pk}/change/").content.decode()
    assert "Editor: reviews and approves what others wrote" in html


def test_somebody_new_is_told_what_to_do_and_others_where_things_are() -> None:
    User.objects.create_user("newbie", password="a-long-password", is_staff=True)
    fresh, contributor = Client(), Client()
    fresh.force_login(User.objects.get(username="newbie"))
    contributor.force_login(member("contributor", "carla"))
    html = fresh.get("/admin/").content.decode()
    assert "You are in no group yet" in html
    assert "/admin/import/claim/" not in html
    html = contributor.get("/admin/").content.decode()
    assert "You are in no group yet" not in html
    for address in ("/admin/import/claim/", "/admin/companies/entity/likeness/"):
        assert f'href="{address}"' in html
        assert contributor.get(address).status_code == 200


def test_groups_and_permissions_are_called_in_the_readers_language(chief: User, office: Client) -> None:
    boss = User.objects.create_superuser("owner", password="a-long-password")
    owner = Client()
    owner.force_login(boss)
    address = f"/admin/auth/user/{chief.pk}/change/"
    english = owner.get(address).content.decode()
    assert "Claims | claim | Can add claim" in english
    assert "Can publish and withdraw claims" in english
    for user in (boss, chief):
        prefer(by=user, language="bn", time_zone="UTC")
    bengali = owner.get(address).content.decode()
    for words in ("প্রদায়ক", "সম্পাদক", "দাবি যোগ করতে পারেন", "দাবি ও তার ভিত্তি অনুমোদন করতে পারেন"):
        assert words in bengali
    for words in (">contributor<", ">editor<", "Can add", "Can publish"):
        assert words not in bengali
    assert "প্রশাসক" in owner.get("/admin/auth/user/").content.decode()  # to narrow the list by
    groups = owner.get("/admin/auth/group/").content.decode()
    assert ">সম্পাদক</a>" in groups
    assert ">editor</a>" not in groups
    form = owner.get(f"/admin/auth/group/{Group.objects.get(name='editor').pk}/change/").content.decode()
    assert "Can add" not in form
    assert 'value="editor"' in form  # what it is called in the base

    chief.user_permissions.add(Permission.objects.get(codename="add_claim"))
    html = office.get(address).content.decode()
    assert "দাবি যোগ করতে পারেন" in html
    assert 'name="user_permissions"' not in html


def test_a_group_and_a_permission_of_somebody_elses_making_keep_their_names() -> None:
    kind = ContentType.objects.create(app_label="gone", model="thing")
    permission = Permission.objects.create(codename="polish", name="Can polish things", content_type=kind)
    with translation.override("bn"):
        assert permission_label(permission) == "thing | Can polish things"
        assert group_label(Group(name="night shift")) == "night shift"
