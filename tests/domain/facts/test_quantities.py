"""GPUs, megawatts and shares."""

import pytest

from service.domain.facts.quantities import find_quantities


@pytest.mark.parametrize(
    ("written", "number", "unit", "bound"),
    [
        ("uses 100,000 Nvidia H100 GPUs", 1e5, "GPU", "exact"),
        ("contracted for 24k H100s from Oracle", 24e3, "GPU", "exact"),
        ("a 1 million GPU supercomputer", 1e6, "GPU", "exact"),
        ("more than 50,000 GB200 chips", 5e4, "GPU", "min"),
        ("10.000 GPUs", 1e4, "GPU", "exact"),
        ("up to 250 MW of capacity", 250, "MW", "max"),
        ("1.3 GW over 12 years", 1300, "MW", "exact"),
        ("six gigawatts of GPUs", 6000, "MW", "exact"),
        ("sold 2 million shares", 2e6, "share", "exact"),
        ("half a gigawatt of power", 500, "MW", "exact"),
        ("10万枚のGPUを", 1e5, "GPU", "exact"),
        ("5万块GPU", 5e4, "GPU", "exact"),
        ("3만 장의 GPU를", 3e4, "GPU", "exact"),
        ("最大500メガワットの", 500, "MW", "max"),
        ("2吉瓦", 2000, "MW", "exact"),
        ("30万株を", 3e5, "share", "exact"),
    ],
)
def test_quantities(written: str, number: float, unit: str, bound: str) -> None:
    found = find_quantities(written)
    assert (number, unit, bound) in [(q.number, q.unit, str(q.bound)) for q in found]


@pytest.mark.parametrize(
    "written",
    [
        "$12.30 a share", "the H100 GPU", "5,000 employees", "one GPU", "MW 3 is a game", "3주가 지났다", "株式10株式",
    ],
)  # fmt: skip
def test_what_is_no_quantity(written: str) -> None:
    assert find_quantities(written) == []
