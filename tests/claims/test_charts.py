"""Where figures stand on the axis of a dispute."""

from itertools import pairwise

import pytest

from claims.charts import Chart, figure_chart
from tests.claims.story import COST, V3, claim


def picture(*values, **shared) -> Chart | None:
    return figure_chart([claim(f"c{n}", V3, COST, **shared, **value) for n, value in enumerate(values)], "en")


def chart(*values, **shared) -> Chart:
    found = picture(*values, **shared)
    assert found is not None
    return found


def test_figures_that_span_decades_share_a_logarithmic_axis():
    found = chart({"amount": "5576000"}, {"amount": "1600000000"}, {"amount": "944000000"})
    assert found.logarithmic
    assert [tick.label for tick in found.ticks] == ["$1M", "$10M", "$100M", "$1B", "$10B"]
    assert [row.claim["value"]["amount"] for row in found.rows] == ["5576000", "944000000", "1600000000"]
    gaps = {round(b.at - a.at, 1) for a, b in pairwise(found.ticks)}
    assert gaps == {23.0}


def test_figures_close_together_share_a_linear_axis_from_zero():
    found = chart({"amount": "300"}, {"amount": "400"}, unit="GB/s")
    assert not found.logarithmic
    assert found.ticks[0].label.startswith("0")
    assert found.rows[0].at == pytest.approx(4 + 92 * 300 / 400)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"comparator": "eq"}, "point"),
        ({"comparator": "approx"}, "soft"),
        ({"comparator": "gt"}, "more"),
        ({"comparator": "ge"}, "more"),
        ({"comparator": "lt"}, "less"),
        ({"comparator": "le"}, "less"),
        ({"comparator": "range", "upper_amount": "7000000"}, "range"),
        ({"comparator": "eq", "lower_bound": "5000000", "upper_bound": "7000000"}, "soft"),
    ],
)
def test_figure_is_drawn_as_it_is_known(value, shape):
    found = chart({"amount": "6000000", **value}, {"amount": "900000000"})
    row = next(row for row in found.rows if row.claim["value"]["amount"] == "6000000")
    assert row.shape == shape
    assert 0 <= row.start <= row.at <= row.end <= 100


def test_an_interval_is_always_wide_enough_to_see():
    found = chart({"amount": "6000000", "comparator": "approx"}, {"amount": "9000000000000"})
    assert found.rows[0].length >= 2.1


def test_zero_and_negative_amounts_have_a_place():
    found = chart({"amount": "0"}, {"amount": "-500"}, {"amount": "100000"})
    assert [row.claim["value"]["amount"] for row in found.rows] == ["-500", "0", "100000"]
    assert all(0 <= row.at <= 100 for row in found.rows)


def test_all_zero_still_draws():
    assert [row.at for row in chart({"amount": "0"}, {"amount": "0"}).rows] == [4.0, 4.0]


def test_fewer_than_two_comparable_figures_make_no_picture():
    assert picture() is None
    assert picture({"amount": "1"}) is None
    assert picture({"text": "cheap"}, {"amount": "1"}) is None


def test_other_currencies_stay_off_the_axis():
    found = chart({"amount": "1"}, {"amount": "2"}, {"amount": "7", "unit": "CNY"})
    assert found.unit == "USD"
    assert len(found.rows) == 2
