"""kb.lib's rules as Django validators: the same refusal at every entrance, from form to dossier to API."""

from collections.abc import Callable
from functools import cache

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kb.lib import edtf, quantities, refs, text, zones
from kb.lib.saying import Fault, Sentence

THIS_TEXT = Sentence(gettext_noop("this text"))
THE_QUOTE = Sentence(gettext_noop("the quote"))


def _refusing(check: Callable[[str], object], *faults: type[Fault]) -> Callable[[str], None]:
    def validate(value: str) -> None:
        try:
            check(value)
        except faults as fault:
            raise ValidationError(fault.said(_)) from fault

    return validate


@cache
def _languages() -> frozenset[str]:
    return frozenset(Locale("en").languages)


def validate_line(value: str) -> None:
    """One line of text for people: no control, bidi or surrogate characters."""
    _refusing(lambda line: text.clean(line, what=THIS_TEXT), text.HostileText)(value)


def validate_quote(value: str) -> None:
    """Captured text, kept byte for byte: several lines and bidi marks may stand in it, NUL may not."""
    _refusing(
        lambda quote: text.clean(quote, what=THE_QUOTE, multiline=True, bidi_ok=True), text.HostileText
    )(value)


def validate_words(value: str) -> None:
    """Text of several lines for people: no control, bidi or surrogate characters."""
    _refusing(lambda words: text.clean(words, what=THIS_TEXT, multiline=True), text.HostileText)(value)


def validate_url(value: str) -> None:
    """An http or https address with a host and without credentials."""
    _refusing(text.check_url, text.HostileText)(value)


def validate_language(value: str) -> None:
    """A well-formed BCP 47 tag in its canonical case, of a language that CLDR has a name for."""

    def check(tag: str) -> None:
        canonical = text.language_tag(tag)
        if canonical != tag:
            raise text.HostileText(gettext_noop("write the language tag as %(tag)s"), tag=repr(canonical))
        language = tag.split("-")[0]
        if language not in _languages():
            raise text.HostileText(
                gettext_noop("%(tag)s is no language that CLDR knows: write en, bn or zh-Hant, say"),
                tag=repr(language),
            )

    _refusing(check, text.HostileText)(value)


def validate_edtf(value: str) -> None:
    """An EDTF date (levels 0 and 1) within the years 1 to 9999."""
    _refusing(edtf.desk_date, edtf.EdtfError)(value)


def validate_decimal(value: str) -> None:
    """An exact decimal in its canonical text."""

    def check(number: str) -> None:
        canonical = quantities.decimal_text(number)
        if canonical != number:
            raise quantities.QuantityError(gettext_noop("write the number as %(number)s"), number=canonical)

    _refusing(check, quantities.QuantityError)(value)


def validate_slug(value: str) -> None:
    """Lower-case words joined by hyphens, not of the form of a ref."""
    _refusing(refs.check_slug, refs.SlugError)(value)


def validate_ref(value: str) -> None:
    """The form of a ref: a letter, a digit, eight characters of Crockford's base 32."""
    if not refs.is_ref(value):
        raise ValidationError(_("%(ref)s is no ref; leave it out and one is offered") % {"ref": repr(value)})


def validate_prose(value: object) -> None:
    """Text per language: {"en": "…", "bn": "…"}, each clean, none empty."""
    if not isinstance(value, dict):
        raise ValidationError(_('text is kept per language: {"en": "…"}'))
    for tag, words in value.items():
        if not isinstance(tag, str) or not isinstance(words, str) or not words.strip():
            raise ValidationError(_("the text for language %(tag)s is empty or no text") % {"tag": repr(tag)})
        validate_language(tag)
        validate_words(words)


def validate_lines(value: object) -> None:
    """A list of single lines, such as authors, each of at most 500 characters."""
    if not isinstance(value, list) or not all(isinstance(line, str) and line.strip() for line in value):
        raise ValidationError(_("give a list of texts, none empty"))
    for line in value:
        validate_line(line)
        MaxLengthValidator(500)(line)


def validate_site_language(value: str) -> None:
    """One of the languages that the site speaks."""
    if value not in dict(settings.LANGUAGES):
        known = ", ".join(dict(settings.LANGUAGES))
        raise ValidationError(
            _("The site does not speak “%(tag)s”: choose one of %(known)s.") % {"tag": value, "known": known}
        )


def validate_zone(value: str) -> None:
    """The name of a time zone, as the IANA writes it."""
    if value not in zones.zones():
        _refusing(zones.zone_named, zones.NoSuchZone)(value)
        raise ValidationError(_("Write the time zone as %(zone)s.") % {"zone": zones.zone_named(value)})
