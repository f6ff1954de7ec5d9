"""Texts as forums, feeds of short notes, documents in Markdown and papers have them; the cases are invented."""

import pytest

from service.domain.matching.normal import normalise
from tests.domain.matching.bundled import match, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # no capitals anywhere but in codes: what begins a clause and acts is somebody
        ("$ qqq - oracle agrees to buy a maker of seat maps for stadiums URL", {"Oracle"}),
        ("openai takes a whole H200 hall on top of it, all leased from oracle, says the landlord", {"Oracle"}),
        ("it took a week until the oracle wins the raid for us, what a boring patch", set()),
        ("my oracle says no to all of that, every single morning, and $ qqq is down", set()),
        # a small name beside its own symbol
        ("traders look at oracle before the bell, $ orcl", {"Oracle"}),
        # the handle of a company is its name; a longer one is nobody's proof
        ("the @xai weekend starts on friday, bring a laptop", {"xAI"}),
        ("Ask @xai_lessons about the homework.", set()),
        ("write to mail@xai please", set()),
        # lists and articles keep their sense within marks of emphasis
        ("They compared **Alibaba**, **Xai**, and **Tencent** on it.", {"xAI"}),
        ('The planner calls an "Oracle" whenever it is stuck.', set()),
        ("It is not compatible with the HPE `fan-curve-tool`, sadly.", {"HPE"}),
        ("Ask your HPE account manager.", {"HPE"}),
        # market words for a company
        ("Oracle is the only big player that borrows for it.", {"Oracle"}),
        ("Oracle is a chess player from Riga.", set()),
    ],
)
def test_the_writer_s_habits_are_read(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Follow the HPE DEV crowd, or @HPE_DevFans, [hpefans.example](https://hpefans.example/).", {"HPE"}),
        ("Inside Oracle's long night, https://news.example/inside-oracles-long-night", {"Oracle"}),
        ("HPE founded a circle calledHPE Fanworks that meets monthly.", {"HPE"}),
        ("She plays in a band called Oracle Fanworks.", set()),
        (
            "It stands in the address, https://oracle-rpg.example/, and Oracle RPG is a guide to roleplaying.",
            set(),
        ),
    ],
)
def test_identifiers_handles_and_addresses_are_no_other_sense(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_a_rejected_handle_does_not_lower_the_good_naming() -> None:
    alone = match("HPE opens a shop in Graz.").mentions[0].confidence
    beside = match("HPE opens a shop in Graz. @HPE_Crowd went there.").mentions[0].confidence
    assert beside == alone


@pytest.mark.parametrize(
    "text",
    [
        "They improved the TWAP Oracle (the older oracles sampled too rarely).",
        "A talk on Compact Oracle Witnesses closes the day.",
        'My thesis builds a "Braking Oracle" for trams.',
        "We study Oracle-Guided Pruning of small networks.",
        "The Oracle Toad of Lund hides in the marsh.",
        "`Oracle retrieval is an upper bound`",
        "Cheap boilers such as the Oracle Jet steam milk quickly.",
        "Play the Oracle class, for an Oracle's curse helps.",
        "The Oracle's sight is dim.",
        "The Zarquon Super Micro Titler fits on a desk.",
        "A super micro bolus is given after lunch, and a Super Micro Bolus before.",
        "The phone has a 50Mp HPE sensor and a telephoto lens.",
        "Two HPE networks fail under occlusion.",
        "Her secret identity is known to few, but Oracle guides the vigilante and his sidekick.",
        "The landlord wants what he calls super micro data centres in old lift shafts, six servers in each.",
    ],
)
def test_terms_figures_and_parts_are_no_company(text: str) -> None:
    assert names(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "The SAP Oracle feud goes on.",
        "The Oracle Board of Directors met in Austin.",
        "The Nvidia Super Micro deal was signed.",
        "The EU, Oracle said, has no case.",
        "Claiming Oracle Apps were breached, the group wants money.",
    ],
)
def test_the_company_stands_beside_like_words(text: str) -> None:
    assert len(names(text)) == 1


def test_a_writer_without_capitals_is_known_by_the_words_not_by_codes() -> None:
    assert normalise("gets a B200 hall and 206 MW of power from the GPU people").without_capitals
    assert not normalise("Gets a B200 hall and 206 MW of power from the GPU people").without_capitals
    assert not normalise("GETS A HALL AND POWER FROM THE OTHER PEOPLE OF THE PLACE").without_capitals
    assert not normalise("too short").without_capitals
