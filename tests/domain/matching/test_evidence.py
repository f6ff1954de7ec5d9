"""Each occurrence is judged by what stands around it."""

import pytest

from service.domain.matching import Matcher, entity_from_mapping
from service.domain.model import Document, Field, Salience
from tests.domain.matching.bundled import bundled_entities, match, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # spellings damaged by extraction
        ("Layoffs hit thousands at Oraclealone last year.", {"Oracle"}),
        ("Rivals such asOracleandSAP fell.", {"Oracle"}),
        ("Labs such as Mistral,xAIandQwen publish weights.", {"xAI"}),
        ("It overloads xAI'sGrok in places.", {"xAI"}),
        ("The stock of the MicrosSMCI group fell.", {"Supermicro"}),
        ("By hendrixAIDev, a fix.", set()),
        # tickers, exchanges, domains
        ("Shares (NYSE: HPE) rose.", {"HPE"}),
        ("Watching $ORCL and $CRM today", {"Oracle"}),
        ("ORCL.O closed lower", {"Oracle"}),
        ("The post is on blogs.oracle.com since May.", {"Oracle"}),
        ("Details at notoracle.com.example and oracle.community", set()),
        ("The $XAI coin doubled.", set()),
        # brackets
        ("Human pose estimation (HPE) is hard. HPE needs data.", set()),
        ("Hewlett Packard Enterprise (HPE) grew. HPE sells servers.", {"HPE"}),
        ("Explainable AI (XAI) methods help doctors.", set()),
        ("Work on XAI (explainable artificial intelligence) goes on.", set()),
        # case and article
        ("The court acted as an oracle for the town.", set()),
        ("Without a random oracle the proof fails.", set()),
        ("An Oracle spokeswoman declined to comment.", {"Oracle"}),
        # masks
        ("The Giants won at Oracle Park.", set()),
        ("The Oracle of Omaha spoke.", set()),
        ("Oracle Corporation bought the naming rights of Oracle Park.", {"Oracle"}),
        # lists of peers
        ("We support OpenAI, Anthropic, xai and Mistral as providers.", {"xAI"}),
        # other languages
        ("Die Oracle-Aktie legte zu, sagte der Konzern.", {"Oracle"}),
        ("Selon Bloomberg, l'entreprise xAI cherche des fonds.", {"xAI"}),
        ("英国政府宣布与Oracle签约。", {"Oracle"}),
        ("日本でSupermicroのサーバーを販売する。", {"Supermicro"}),
    ],
)
def test_occurrence(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("She left Zest after nine years.", "en", 1),  # a capital in mid-sentence
        ("Zest calls the models open all the same.", "en", 1),  # a lone noun as subject
        ("The zest of a lemon gave Zest its name.", "en", 1),  # in contrast to the everyday word
        ("Salaries at Zest", "en", 1),  # alone after a preposition
        ("東京でZestが発表した。", "ja", 1),  # Latin in another script
        ("ADBE -3.1%, Zest -2.8%, TTD -2.6%", "en", 1),  # a list of prices
        ("Das Geld kommt von Zest und anderen.", "de", 1),  # German: every noun has a capital
        ("Add the zest of a lemon.", "en", 0),
        ("Zest recipes for the summer", "en", 0),  # a capital that says nothing
        ("They live at the Zest.", "en", 0),  # an article
        ("They all swam in Zest Lake.", "en", 0),  # a place
        ("We called our dog Zest.", "en", 0),
    ],
)
def test_an_everyday_word_counts_where_it_is_used_as_a_name(text: str, language: str, found: int) -> None:
    matcher = _matcher({"name": "Zest", "aliases": [{"text": "Zest", "strength": "weak"}]})
    mentions = matcher.match(Document("", text, language=language)).mentions
    assert sum(mention.count for mention in mentions) == found


@pytest.mark.parametrize(
    "text",
    [
        "We compare ZQE rods. Zonal quartz extrusion at 90 degrees is slow.",  # letters fit without brackets
        "Samples went to ZQE (zoophilic quintessential examination) last week.",
        "Zinc quality evaluation (ZQE) is new. ZQE needs no scheduler.",
    ],
)
def test_an_acronym_that_the_text_explains_otherwise_is_rejected(text: str) -> None:
    assert _spans(_matcher({"name": "ZQE"}), text) == []


def test_two_senses_in_one_text_are_kept_apart() -> None:
    result = match("Oracle, the software company, sued a rival. A padding oracle let the attackers in.")
    (mention,) = result.mentions
    assert [span.text for span in mention.spans] == ["Oracle"]
    result = match("xAI raised money. A token called Xai (XAI) has nothing to do with it.")
    (mention,) = result.mentions
    assert [span.text for span in mention.spans] == ["xAI"]
    assert {rejection.span.text for rejection in result.rejected} == {"Xai", "XAI"}


def test_genitive_s_belongs_to_the_languages_that_have_it() -> None:
    assert names("Oracles Umsatz stieg um drei Milliarden.", language="de") == {"Oracle"}
    assert names("Oracles told the king his fate.", language="en") == set()


def test_a_link_list_beside_the_article_names_nobody() -> None:
    text = "The council met on Monday and voted.\nIt rained.\nRelated stories\nOracle buys a chip maker\nxAI hires"
    result = match(text)
    assert result.mentions == ()
    assert any("list of links" in rejection.reason for rejection in result.rejected)


def test_evidence_and_reasons_are_words() -> None:
    result = match("Grok is the chatbot of XAI, said Elon Musk.", title="News")
    (mention,) = result.mentions
    assert any("Grok" in words or "Musk" in words for words in mention.evidence)
    assert 0.5 < mention.confidence <= 1
    assert "XAI" in mention.snippet
    (rejection,) = match("A padding oracle attack was shown.").rejected
    assert "padding" in rejection.reason


def test_spans_point_into_the_stored_text() -> None:
    title, text = "“Ora\u00adcle” wins…", "ﬁne print:\u200b Hewlett‑Packard\u00a0Enterprise’s HPE"
    result = match(text, title)
    for mention in result.mentions:
        for span in mention.spans:
            stored = title if span.field is Field.TITLE else text
            assert stored[span.start : span.end] == span.text
    assert [s.text for m in result.mentions for s in m.spans] == [
        "Ora\u00adcle", "Hewlett‑Packard\u00a0Enterprise", "HPE"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "text", "salience"),
    [
        ("Oracle buys Acme", "The deal closed.", Salience.MAIN),
        ("Markets", "Oracle grew. " + "Filler text. " * 80 + "Oracle shares fell.", Salience.MAIN),
        ("Markets", "Oracle grew. " + "Filler text. " * 80, Salience.SECONDARY),
        ("Markets", "Filler text. " * 80 + "Shares of Oracle fell.", Salience.PASSING),
    ],
)
def test_salience(title: str, text: str, salience: Salience) -> None:
    (mention,) = match(text, title).mentions
    assert mention.salience is salience


def _matcher(*entities: dict[str, object]) -> Matcher:
    return Matcher(entity_from_mapping(entity) for entity in entities)


def _spans(matcher: Matcher, text: str) -> list[tuple[str, str]]:
    return [(m.entity, s.text) for m in matcher.match(Document("", text)).mentions for s in m.spans]


def test_a_mask_swallows_only_what_lies_inside_it() -> None:
    matcher = _matcher({"name": "New York", "kind": "place", "masks": ["New York Times", "Old New"]})
    assert _spans(matcher, "He reads the New York Times.") == []
    assert _spans(matcher, "A New York Timesheet is due.") == [("New York", "New York")]
    assert _spans(matcher, "In old New York it rains.") == [("New York", "New York")]


def test_the_longest_name_wins_unless_naming_a_product_names_its_maker() -> None:
    maker: dict[str, object] = {"name": "Zorb", "aliases": ["Zorb"]}
    product: dict[str, object] = {"name": "Zorb Web", "aliases": ["Zorb Web Services"]}
    text = "They run on Zorb Web Services."
    assert _spans(_matcher(maker, product), text) == [("Zorb Web", "Zorb Web Services")]
    related = product | {"parent": "Zorb", "names_parent": True}
    assert set(_spans(_matcher(maker, related), text)) == {("Zorb", "Zorb"), ("Zorb Web", "Zorb Web Services")}


def test_products_name_their_maker_only_when_the_entity_says_so() -> None:
    base: dict[str, object] = {"name": "Zorb", "products": ["Blinkometer"]}
    assert _spans(_matcher(base), "A new Blinkometer is out.") == []
    assert _spans(_matcher(base | {"product_names_maker": True}), "A new Blinkometer is out.") == [
        ("Zorb", "Blinkometer")
    ]


@pytest.mark.parametrize(
    ("reach", "text", "found"),
    [
        ("phrase", "The zorb engine runs.", True),
        ("phrase", "The zorb was seen by all who were there near an engine.", False),
        ("sentence", "The zorb was seen by all who were there near an engine.", True),
        ("sentence", "The zorb was seen. An engine ran.", False),
        ("paragraph", "The zorb was seen. An engine ran.", True),
        ("paragraph", "The zorb was seen.\nAn engine ran.", False),
        ("article", "The zorb was seen.\nAn engine ran. Engine oil. The engineer's engine block.", True),
    ],
)
def test_a_context_counts_within_its_reach(reach: str, text: str, found: bool) -> None:
    entity: dict[str, object] = {
        "name": "Zorb",
        "aliases": [{"text": "zorb", "strength": "weak"}],
        "for": [{"text": "engine", "reach": reach}, {"text": "engine oil", "reach": reach}],
        "kind": "thing",
    }
    assert bool(_spans(_matcher(entity), text)) is found


def test_an_expression_alias_finds_its_spans() -> None:
    matcher = _matcher({"name": "S", "aliases": [{"expression": "Super[ -]?Zorb(ber)?", "case": "any"}]})
    assert _spans(matcher, "A super-zorb and a SuperZorbber, but no superzorbed.") == [
        ("S", "super-zorb"), ("S", "SuperZorbber")
    ]  # fmt: skip


def test_an_alias_of_a_language_counts_in_it_only() -> None:
    matcher = _matcher({"name": "Z", "aliases": [{"text": "Zorb", "language": "de"}]})
    assert matcher.match(Document("", "Zorb wächst", language="de")).mentions
    assert not matcher.match(Document("", "Zorb grows", language="en")).mentions


def test_switched_off_entities_are_not_looked_for() -> None:
    assert names("Dell and Nvidia grew.") == set()


def test_a_one_letter_name_needs_proof() -> None:
    (x,) = [entity_to_on for entity_to_on in bundled_entities() if entity_to_on.name == "X"]
    matcher = Matcher([entity_from_mapping({**_as_mapping(x), "enabled": True})])
    for text in ("Share on X", "An X-ray showed it.", "Solve for X = 3.", "The Model X sells well.", "Plan X"):
        assert matcher.match(Document("", text)).mentions == (), text
    for text in ("Elon Musk wrote in a post on X that it was late.", "X, formerly Twitter, was down."):
        assert matcher.match(Document("", text)).mentions, text


def _as_mapping(entity: object) -> dict[str, object]:
    from service.domain.matching import entity_to_mapping
    from service.domain.model import Entity

    assert isinstance(entity, Entity)
    return entity_to_mapping(entity)


@pytest.mark.parametrize(
    "line",
    ["Share on Zorb", "Share this story on Zorb", "Follow us on Zorb", "Tags: fruit, Zorb, trees",
     "Related: Zorb | Quux", "Teilen auf Zorb", "Suivez-nous sur Zorb"],
)  # fmt: skip
def test_buttons_and_tags_name_nobody(line: str) -> None:
    matcher = _matcher({"name": "Zorb"})
    assert _spans(matcher, f"A bridge was opened.\n{line}\nIt is long.") == []
    assert _spans(matcher, f"A bridge was opened.\nShares of Zorb fell.\n{line}") == [("Zorb", "Zorb")]


def test_the_short_form_of_a_masked_name_is_no_mention_either() -> None:
    title = "What readers of the Oracle of Omaha’s letters look for"
    text = "The Oracle of Omaha buys good companies. Few follow the Oracle’s example for long."
    assert match(text, title).mentions == ()
    assert names("The Oracle of Omaha spoke on Monday. He said that the Oracle deal, worth $3 billion, was dear.") == {
        "Oracle"
    }
    assert names("The Oracle of Omaha spoke. Oracle sued a rival, and Oracle’s shares fell.") == {"Oracle"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Harriet Zorbel said that it rained.", 0),  # a given name before it
        ("Dr. Zorbel was late.", 0),
        ("Zorbel said that its shares rose.", 1),
        ("Cisco, Zorbel and SAP raised prices.", 1),
    ],
)
def test_a_person_is_no_company(text: str, found: int) -> None:
    assert len(_spans(_matcher({"name": "Zorbel"}), text)) == found


def test_a_tracked_person_has_a_given_name() -> None:
    assert _spans(_matcher({"name": "Zorbel", "kind": "person"}), "Harriet Zorbel said that it rained.") != []


def test_a_writer_without_capitals_is_read_too() -> None:
    entity: dict[str, object] = {
        "name": "Zest",
        "aliases": [{"text": "zest", "strength": "weak"}],
        "for": [{"text": "ZQL", "reach": "paragraph"}],
    }
    assert _spans(_matcher(entity), "someone at work broke the zest box again and zql is down since noon") != []


def test_a_context_may_go_on_with_the_genitive() -> None:
    entity: dict[str, object] = {
        "name": "Zest",
        "aliases": [{"text": "Zest", "strength": "weak"}],
        "for": ["{}'s shareholders' club"],
    }
    assert _spans(_matcher(entity), "the picnic of the Zest's shareholders' club") != []
    assert _spans(_matcher(entity), "the picnic of the Zest's shepherds' club") == []
