"""Alerts over the Apprise library itself, to a push service on loopback."""

from importlib.util import find_spec

import pytest

from service.domain.model import ChannelSpec
from service.notify import Channel, DeliveryError, build_channel
from tests.notify.receiver import Receiver, receiving, web_client
from tests.notify.samples import CREATED, outgoing

pytestmark = pytest.mark.skipif(find_spec("apprise") is None, reason="the extra apprise is not installed")


def channel(receiver: Receiver) -> Channel:
    host = receiver.url.removeprefix("http://").partition("/")[0]
    spec = ChannelSpec("push", "apprise", {"url": f"gotify://{host}/Atoken/"}, True)
    return build_channel(spec, poster=web_client(), smtp=None, email_from=None)


async def test_title_and_text_arrive() -> None:
    async with receiving(Receiver()) as receiver:
        receipt = await channel(receiver).send(outgoing(), now=CREATED)
    [message] = receiver.received
    assert outgoing().alert["title"] in message.body.decode("unicode_escape")
    assert receipt.excerpt == "sent by Apprise"


async def test_a_service_that_refuses_is_tried_again() -> None:
    async with receiving(Receiver(status=500)) as receiver:
        with pytest.raises(DeliveryError) as caught:
            await channel(receiver).send(outgoing(), now=CREATED)
    assert caught.value.transient
