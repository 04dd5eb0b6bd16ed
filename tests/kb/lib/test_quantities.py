from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from kb.lib.quantities import (
    COMPARATORS,
    DIMENSIONS,
    Interval,
    QuantityError,
    UnknownUnit,
    base,
    convert,
    could,
    decimal_text,
    interval,
    must,
    unit,
    units,
)

amounts = st.decimals(min_value=-(10**18), max_value=10**18, places=6) | st.integers(-(10**37), 10**37).map(
    Decimal
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5.576", "5.576"),
        ("6000000", "6000000"),
        ("1.50", "1.5"),
        ("100", "100"),
        ("007.0", "7"),
        ("-0.00", "0"),
        ("-0", "0"),
        ("-0.05", "-0.05"),
        ("2.1E+25", "21000000000000000000000000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("120E3"), "120000"),
        (0, "0"),
        (-50, "-50"),
        ("9" * 38, "9" * 38),
        ("0." + "0" * 37 + "1", "0." + "0" * 37 + "1"),
        ("1" * 20 + "." + "1" * 18, "1" * 20 + "." + "1" * 18),
    ],
)
def test_decimal_text_is_plain_and_exact(value, text):
    assert decimal_text(value) == text


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "empty"),
        ("NaN", "finite"),
        ("-inf", "finite"),
        (Decimal("NaN"), "finite"),
        (Decimal("sNaN"), "finite"),
        (Decimal("Infinity"), "finite"),
        ("৫০", r"digits 0 to 9 \(50\)"),
        ("1,6", "point before decimals"),
        ("1 000", "nothing between thousands"),
        ("1_000", "nothing between thousands"),
        ("+5", "no plus sign"),
        ("6 million", "no unit or word"),
        (".5", "digits with"),
        ("5\n", "digits with"),
        ("1e99999999999", "digits with"),
        ("1E38", "at most 38"),
        ("1E-39", "at most 38"),
        (Decimal("1E999999"), "at most 38"),
        ("1" * 39, "at most 38"),
        ("1" * 5000, "at most 38"),
        (10**38, "at most 38"),
        ("1" * 20 + "." + "1" * 19, "at most 38"),
        (1.5, "not float"),
        (True, "not bool"),
        (None, "not NoneType"),
    ],
)
def test_decimal_text_names_the_fault(value, reason):
    with pytest.raises(QuantityError, match=reason):
        decimal_text(value)


@given(amounts)
def test_decimal_text_is_exact_and_canonical_in_any_context(amount):
    with localcontext() as context:
        context.prec = 3
        text = decimal_text(amount)
    assert Fraction(text) == Fraction(amount)
    assert decimal_text(text) == text
    assert decimal_text(Decimal(text)) == text


@given(st.text(max_size=12))
def test_decimal_text_of_junk_raises_quantity_error_only(text):
    try:
        assert Decimal(decimal_text(text)) == Decimal(text)
    except QuantityError:
        return


def test_every_dimension_has_its_base_unit():
    table = units()
    assert {found.dimension for found in table.values()} == set(DIMENSIONS)
    for found in table.values():
        assert table[found.base].dimension == found.dimension
        assert base(1, found.base) == (Decimal(1), found.base)


def test_codes_are_written_by_their_own_name():
    assert all(code == found.code for code, found in units().items())


def test_no_unit_has_the_code_of_a_currency():
    others = {code for code, found in units().items() if found.dimension != "currency"}
    assert not others & list_currencies()


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("gb", "GB"),
        ("KB", "kB"),
        ("%", "percent"),
        ("usd", "USD"),
        ("hours", "h"),
        ("FLOPS", "FLOP"),
        ("qqqqqq", "power"),
    ],
)
def test_unknown_unit_lists_near_names(code, hint):
    with pytest.raises(UnknownUnit, match=rf"\b{hint}\b"):
        unit(code)


@pytest.mark.parametrize("code", ["XXX", "XTS", ""])
def test_codes_that_mean_nothing_are_no_units(code):
    with pytest.raises(UnknownUnit):
        unit(code)


@pytest.mark.parametrize(
    ("amount", "code", "expected"),
    [
        ("12.5", "percent", (Decimal("0.125"), "ratio")),
        ("6000000", "USD", (Decimal(6000000), "USD")),
        ("80", "GB", (Decimal(80_000_000_000), "B")),
        ("80", "GiB", (Decimal(85_899_345_920), "B")),
        ("400", "Gbit/s", (Decimal(50_000_000_000), "B/s")),
        ("3", "kWh", (Decimal(10_800_000), "J")),
        ("2", "y", (Decimal(24), "mo")),
        ("3.3", "YFLOP", (Decimal(33) * 10**23, "FLOP")),
        ("989.5", "TFLOP/s", (Decimal(9895) * 10**11, "FLOP/s")),
    ],
)
def test_base(amount, code, expected):
    assert base(amount, code) == expected


@given(amounts, st.sampled_from(sorted(units())))
def test_base_is_exact(amount, code):
    value, _ = base(amount, code)
    assert Fraction(value) == Fraction(amount) * Fraction(units()[code].factor or 1)


@pytest.mark.parametrize(
    ("amount", "from_code", "to_code", "expected"),
    [
        ("400", "Gbit/s", "GB/s", "50"),
        ("1", "h", "min", "60"),
        ("1", "TB", "GiB", "931.322574615478515625"),
        ("1", "s", "h", "0." + "0" * 3 + "2" + "7" * 36 + "8"),
        ("18", "mo", "y", "1.5"),
        ("5", "USD", "USD", "5"),
    ],
)
def test_convert(amount, from_code, to_code, expected):
    assert convert(amount, from_code, to_code) == Decimal(expected)


@pytest.mark.parametrize(
    ("from_code", "to_code", "reason"),
    [
        ("GB", "GB/s", "measures data and GB/s data-rate"),
        ("USD", "EUR", "currencies are never converted silently"),
        ("USD", "count", "measures currency and count count"),
        ("mo", "d", "no fixed length"),
    ],
)
def test_convert_refuses(from_code, to_code, reason):
    with pytest.raises(QuantityError, match=reason):
        convert(1, from_code, to_code)


@pytest.mark.parametrize(
    ("amount", "lower", "upper"),
    [
        ("6000000", "5500000", "6500000"),
        ("1600000000", "1550000000", "1650000000"),
        ("944000000", "943500000", "944500000"),
        ("5.576", "5.5755", "5.5765"),
        ("1.50", "1.45", "1.55"),
        ("-20", "-25", "-15"),
        ("0", "0", "0"),
    ],
)
def test_approx_is_half_a_unit_of_the_last_nonzero_digit(amount, lower, upper):
    assert interval("approx", amount) == Interval(Decimal(lower), Decimal(upper))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("eq", "5"), Interval(Decimal(5), Decimal(5))),
        (("gt", "500"), Interval(Decimal(500), None, lower_open=True)),
        (("ge", "500"), Interval(Decimal(500), None)),
        (("lt", "500"), Interval(None, Decimal(500), upper_open=True)),
        (("le", "500"), Interval(None, Decimal(500))),
        (("range", "5", "7"), Interval(Decimal(5), Decimal(7))),
        (("range", "5", "5"), Interval(Decimal(5), Decimal(5))),
        (("approx", "5", None, "4", "9"), Interval(Decimal(4), Decimal(9))),
        (("eq", "5", None, "5", "5.5"), Interval(Decimal(5), Decimal("5.5"))),
    ],
)
def test_interval(arguments, expected):
    assert interval(*arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("about", "5"), "eq, approx, gt, ge, lt, le, range"),
        (("range", "5"), "upper amount"),
        (("range", "7", "5"), "smaller first"),
        (("eq", "5", "6"), "upper amount"),
        (("approx", "5", None, "4"), "bound is missing"),
        (("approx", "5", None, None, "6"), "bound is missing"),
        (("approx", "5", None, "6", "7"), "exclude the amount 5"),
        (("approx", "5", None, "7", "4"), "exclude"),
        (("gt", "5", None, "4", "6"), "bound itself"),
        (("range", "5", "7", "4", "8"), "bound itself"),
        (("eq", "1,6"), "point before decimals"),
    ],
)
def test_interval_refuses(arguments, reason):
    with pytest.raises(QuantityError, match=reason):
        interval(*arguments)


@pytest.mark.parametrize(
    ("comparator", "minimum", "maximum", "possible", "certain"),
    [
        ("gt", None, 500, False, False),
        ("gt", 500, None, True, True),
        ("gt", 501, None, True, False),
        ("ge", None, 500, True, False),
        ("ge", 500, 500, True, False),
        ("lt", 500, None, False, False),
        ("lt", None, 500, True, True),
        ("lt", None, 499, True, False),
        ("le", 500, None, True, False),
        ("eq", 500, 500, True, True),
        ("eq", 501, None, False, False),
        ("approx", 549, 560, True, False),
        ("approx", 450, 550, True, True),
        ("approx", None, None, True, True),
    ],
)
def test_could_and_must_are_exact_about_open_ends(comparator, minimum, maximum, possible, certain):
    found = interval(comparator, "500")
    limits = [None if limit is None else Decimal(limit) for limit in (minimum, maximum)]
    assert could(found, *limits) is possible
    assert must(found, *limits) is certain


def test_limits_must_be_in_order():
    for question in (could, must):
        with pytest.raises(QuantityError, match="above the maximum"):
            question(interval("eq", 5), Decimal(6), Decimal(4))


small = st.integers(-4, 4).map(Decimal)
ordered = st.lists(small, min_size=2, max_size=2).map(sorted)
limits = st.tuples(ordered, st.booleans(), st.booleans()).map(
    lambda drawn: (drawn[0][0] if drawn[1] else None, drawn[0][1] if drawn[2] else None)
)


@given(st.sampled_from([c for c in COMPARATORS if c != "range"]), small, limits)
def test_could_and_must_agree_with_points_tried_one_by_one(comparator, amount, pair):
    found = interval(comparator, amount)
    # Quarters from -10 to 10 meet every end, the inside and the outside of what these small numbers can make.
    points = [Decimal(n) / 4 for n in range(-40, 41)]
    inside = [
        point
        for point in points
        if (found.lower is None or point > found.lower or (point == found.lower and not found.lower_open))
        and (found.upper is None or point < found.upper or (point == found.upper and not found.upper_open))
    ]
    wanted = [
        (pair[0] is None or point >= pair[0]) and (pair[1] is None or point <= pair[1]) for point in inside
    ]
    assert could(found, *pair) is any(wanted)
    assert must(found, *pair) is all(wanted)
