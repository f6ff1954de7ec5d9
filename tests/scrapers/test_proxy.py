"""A proxy is used when it is named, never because the environment has one, and not to reach what may not be reached."""

from pathlib import Path

import pytest

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.proxy import check_proxy
from tests.cli.command import Command, run_process
from tests.scrapers import hazards as hz
from tests.scrapers.hazards import Hazards, hazard_server
from tests.scrapers.test_http import failure, fetched


def behind(proxy: str, *allowed: str) -> WebClient:
    return WebClient(user_agent="t", guard=AddressGuard(allowed), hosts=HostLimits(0, 2), deadline=5, proxy=proxy)


async def test_a_proxy_is_asked_with_the_whole_address(hazards: Hazards) -> None:
    target = "http://8.8.8.8/feed?a=%2F"
    hazards.on(target.partition("?")[0], hz.answer(200, b"news"))
    async with behind(hazards.base) as client:
        assert (await fetched(client, target)).body == b"news"
    assert [request.target for request in hazards.seen] == [target]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:9/",
        "http://[::ffff:127.0.0.1]/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://169.254.169.254/",
    ],
)
async def test_a_proxy_is_not_asked_for_private_addresses(hazards: Hazards, target: str) -> None:
    async with behind(hazards.base) as client:
        assert (await failure(client, target)).code == "blocked-address"
    assert hazards.seen == []


async def test_redirects_behind_a_proxy_are_checked_too(hazards: Hazards) -> None:
    hazards.on("http://8.8.8.8/", hz.redirect(302, "http://10.0.0.1/"))
    async with behind(hazards.base) as client:
        assert (await failure(client, "http://8.8.8.8/")).code == "blocked-address"
    assert len(hazards.seen) == 1


async def test_a_name_that_only_the_proxy_knows_is_left_to_it(hazards: Hazards) -> None:
    hazards.on("http://feeds.invalid/", hz.answer(200, b"news"))
    async with behind(hazards.base) as client:
        assert (await fetched(client, "http://feeds.invalid/")).body == b"news"


@pytest.mark.parametrize(
    "address", ["", "proxy:3128", "socks5://proxy:1080", "http://", "http://proxy/path", "http://p:99999"]
)
def test_what_is_no_proxy(address: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        check_proxy(address)


async def test_the_environments_proxy_is_not_followed_silently(hazards: Hazards, tmp_path: Path) -> None:
    import asyncio

    async with hazard_server() as proxy:
        feed = b"<rss version='2.0'><channel><title>Wire</title><item><title>x</title></item></channel></rss>"
        url = hazards.on("/feed", hz.answer(200, feed))
        command = Command(tmp_path, {"HTTP_PROXY": proxy.base, "http_proxy": proxy.base, "ALL_PROXY": proxy.base})
        done = await asyncio.to_thread(run_process, command, "sources", "check", url)
        assert done.status == 0
        assert (len(proxy.seen), len(hazards.seen)) == (0, 1)
