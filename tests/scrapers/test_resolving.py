"""Names are judged by the addresses that sockets are opened to, whatever a name server says, and when."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from scrapers.errors import FetchError
from scrapers.guard import AddressGuard
from scrapers.transport import AiohttpTransport
from tests.scrapers import hazards as hz
from tests.scrapers.hazards import Hazards

NAME = "news.example"


class Names(AbstractResolver):
    """Answers each look-up of any name with the next list of addresses, the last one for good."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in found
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def asking(names: Names, *allowed: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = AiohttpTransport(AddressGuard(allowed), resolver=names)
    async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=5) as client:
        yield client


@pytest.fixture
def url(hazards: Hazards) -> str:
    """An address with a name, whose port is the server's on 127.0.0.1."""
    hazards.on("/", hz.answer(200, b"news"))
    return f"http://{NAME}:{urlsplit(hazards.base).port}/"


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1", "127.0.0.1"],  # private and permitted
        ["127.0.0.1", "10.0.0.1"],
        ["169.254.169.254", "fd00:ec2::254", "::ffff:10.0.0.1", "127.0.0.1"],  # metadata, mapped
    ],
)
async def test_of_mixed_addresses_only_the_permitted_one_is_connected_to(
    hazards: Hazards, url: str, addresses: list[str]
) -> None:
    async with asking(Names(addresses), "127.0.0.1/32") as client:
        assert (await client.get(url)).content == b"news"
    assert [request.headers["host"] for request in hazards.seen] == [urlsplit(url).netloc]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1", "127.0.0.1", "::1"],
        ["::ffff:127.0.0.1"],  # mapped
        ["64:ff9b::7f00:1", "2002:7f00:1::1"],  # NAT64, 6to4
        ["0.0.0.0"],
        ["224.0.0.1", "255.255.255.255"],
    ],
)
async def test_a_name_with_no_permitted_address_is_refused_before_a_connection(
    hazards: Hazards, url: str, addresses: list[str]
) -> None:
    async with asking(Names(addresses)) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(url)
    assert (caught.value.code, caught.value.transient) == ("blocked-address", False)
    assert str(caught.value).startswith(f"{NAME} has the address ")
    assert hazards.seen == []


async def test_a_name_that_changes_its_address_is_judged_by_the_new_one(hazards: Hazards, url: str) -> None:
    """DNS rebinding: the first answer may be reached, the second may not."""
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    async with asking(names, "127.0.0.1/32") as client:
        assert (await client.get(url)).status_code == 200
    async with asking(names, "127.0.0.1/32") as client:  # nothing is remembered of the first look-up
        with pytest.raises(FetchError, match=r"has the address 127\.0\.0\.2"):
            await client.get(url)
    assert names.asked == [NAME, NAME]
    assert len(hazards.seen) == 1
