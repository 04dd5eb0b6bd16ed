"""Half-lives: after how many months the claims of a property are looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.actions.reviews import set_half_life
from claims.admin.labels import label
from claims.models import HalfLife
from kb.changelists import Headed

if TYPE_CHECKING:
    HalfLifeBase = admin.ModelAdmin[HalfLife]
    HalfLifeModelForm = forms.ModelForm[HalfLife]
else:
    HalfLifeBase, HalfLifeModelForm = admin.ModelAdmin, forms.ModelForm


class HalfLifeForm(HalfLifeModelForm):
    months = forms.IntegerField(label=_("months"), min_value=1, max_value=600)

    class Meta:
        model = HalfLife
        fields = ("property", "months")


class HalfLifeAdmin(Headed, HalfLifeBase):
    form = HalfLifeForm
    list_display = ("property_label", "months", "set_by", "set_at")
    list_select_related = ("property", "set_by")
    autocomplete_fields = ("property",)
    show_full_result_count = False

    @admin.display(description=_("property"), ordering="property__slug")
    def property_label(self, one: HalfLife) -> str:
        return label(one.property)

    def save_model(self, request: HttpRequest, obj: HalfLife, form: Any, change: bool) -> None:
        saved = set_half_life(obj.property, months=obj.months, by=cast(User, request.user))
        obj.pk = saved.pk
