from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.guard import AddressGuard


@pytest.mark.parametrize(
    "ip",
    [
        "8.8.8.8",
        "2606:4700::1111",
        "::ffff:8.8.8.8",  # mapped public
        "64:ff9b::808:808",  # NAT64 to 8.8.8.8
        "2002:808:808::1",  # 6to4 to 8.8.8.8
    ],
)
def test_public_addresses_are_permitted(ip: str) -> None:
    assert AddressGuard().permits(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.31.0.1",
        "192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "100::1",
        "::ffff:127.0.0.1",  # mapped
        "::127.0.0.1",  # compatible
        "::ffff:0:127.0.0.1",  # translated
        "64:ff9b::7f00:1",  # NAT64
        "64:ff9b:1::7f00:1",  # NAT64 of a local operator
        "2002:7f00:1::1",  # 6to4
        "2002:a9fe:a9fe::",  # 6to4 to the metadata address
        "2001:0:808:808:0:0:80ff:fffe",  # Teredo, client 127.0.0.1
        "2606:4700::5efe:7f00:1",  # ISATAP
        "", "localhost", "2130706433", "127.1", "0x7f000001",  # no literal addresses
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(ip: str) -> None:
    assert not AddressGuard().permits(ip)


def test_an_allowed_network_wins_whatever_its_clothes() -> None:
    guard = AddressGuard(["127.0.0.1/8", ip_network("fd00::/8")])
    assert all(guard.permits(ip) for ip in ("127.0.0.1", "::ffff:127.9.9.9", "fd12::1", "8.8.8.8"))
    assert not any(guard.permits(ip) for ip in ("10.0.0.1", "::1", "fc00::1"))


def test_a_network_that_is_none() -> None:
    with pytest.raises(ValueError, match="intranet"):
        AddressGuard(["intranet"])


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_judged_alike_in_every_wrapping(number: int) -> None:
    plain = AddressGuard().permits(str(IPv4Address(number)))
    high, low = f"{number >> 16:x}", f"{number & 0xFFFF:x}"
    for wrapped in (f"::ffff:{high}:{low}", f"64:ff9b::{high}:{low}", f"2002:{high}:{low}::1"):
        assert AddressGuard().permits(wrapped) == plain
