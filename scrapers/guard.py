"""Which addresses may be reached. Judges the address that a socket is about to be opened to, never a name.

A name is judged only after it became addresses, so names in decimal, octal or hexadecimal form (``2130706433``,
``0x7f.1``) and names that change their address between two look-ups (DNS rebinding) need no rule of their own.

The deny table is ours: ``ipaddress.is_global`` of Python 3.11 calls loopback inside 6to4 and NAT64 addresses global.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

__all__ = ["AddressGuard"]

# IANA special-purpose registries (RFC 6890 and its updates), and what is no unicast address at all.
_DENIED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers, home of some metadata services
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host services
        "169.254.0.0/16",  # link-local, home of cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments, home of another metadata service
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only 2000::/3 is handed out as global unicast; everything outside it is denied without being named here.
_GLOBAL_V6 = IPv6Network("2000::/3")
_DENIED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments (Teredo, benchmarks, ORCHID)
        "2001:db8::/32",  # documentation
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_TEREDO = IPv6Network("2001::/32")
# Prefixes whose last 32 bits are an IPv4 address.
_TAIL_V4 = tuple(
    IPv6Network(text)
    for text in (
        "::ffff:0:0/96",  # mapped (RFC 4291): the system connects by IPv4
        "::/96",  # compatible (RFC 4291)
        "::ffff:0:0:0/96",  # translated (RFC 2765)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
    )
)

Network = IPv4Network | IPv6Network


class AddressGuard:
    """Permits public addresses, and what the operator allowed.

    ``allowed``: networks (CIDR texts or network objects; host bits may be set) that may be reached although they are
    not public. An allowed network wins over the deny table. Raises ValueError for a text that is no network.
    ``allowed_by``: what the operator allows them with, for the words of a refusal.
    """

    def __init__(self, allowed: Sequence[str | Network] = (), *, allowed_by: str = "") -> None:
        self._mend = f" ({allowed_by} may allow it)" if allowed_by else ""
        self._allowed: tuple[Network, ...] = tuple(
            ip_network(network.strip(), strict=False) if isinstance(network, str) else network for network in allowed
        )

    def permits(self, ip: str) -> bool:
        """Whether a connection to ``ip`` may be opened. ``ip`` is a literal address, with or without a zone
        (``fe80::1%eth0``); whatever is no address is not permitted."""
        try:
            address = ip_address(ip.partition("%")[0])
        except ValueError:
            return False
        if self._is_allowed(address):
            return True
        if isinstance(address, IPv4Address):
            return _is_public_v4(address)
        return self._permits_v6(address)

    def refusal(self, host: str, ip: str) -> str:
        """Why ``host``, which has the address ``ip``, may not be reached: a sentence for a person."""
        what = host if host.strip("[]") == ip else f"{host} has the address {ip}, which"
        return f"{what} is not public and was not allowed{self._mend}."

    def _permits_v6(self, address: IPv6Address) -> bool:
        if any(address in network for network in _TAIL_V4):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
            return self._is_allowed(inner) or _is_public_v4(inner)
        inside = tuple(_tunnelled(address))
        if inside and all(self._is_allowed(inner) for inner in inside):
            return True
        if not all(_is_public_v4(inner) for inner in inside):
            return False
        if address not in _GLOBAL_V6:
            return False
        # A Teredo address ends at the public IPv4 addresses inside it, which were judged above.
        return address in _TEREDO or not any(address in network for network in _DENIED_V6)

    def _is_allowed(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._allowed)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in _DENIED_V4)


def _tunnelled(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that a packet to ``address`` may end at."""
    if address.sixtofour is not None:  # RFC 3056
        yield address.sixtofour
    if address.teredo is not None:  # RFC 4380: server, client
        yield from address.teredo
    if (int(address) >> 32) & 0xFCFFFFFF == 0x00005EFE:  # ISATAP (RFC 5214)
        yield IPv4Address(int(address) & 0xFFFFFFFF)
