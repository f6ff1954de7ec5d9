"""What an article's deals look like: neighbours, negation, attribution, links beside the article, the seed articles."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.facts import Fact, Kind, Status, extract_facts
from service.domain.model import Document, MatchResult
from tests.domain.facts.labelled import examples, facts_of

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed articles are not part of the project")


def parties(fact: Fact) -> dict[str, str | None]:
    return {party.name: str(party.role) if party.role else None for party in fact.parties}


@needs_seeds
def test_the_article_on_servers() -> None:
    (fact,) = facts_of((SEEDS / "hpe-x-deal.txt").read_text(encoding="utf-8"))
    assert (fact.kind, fact.status) == ("contract", "agreed")
    assert (fact.amount, fact.currency, fact.bound) == (1e9, "USD", "min")
    assert parties(fact) == {
        "HPE": "supplier",
        "X": "buyer",
        "Dell": "losing bidder",
        "Supermicro": "losing bidder",
    }
    assert fact.reported_by == "Bloomberg"
    assert "landed a massive deal worth more than $1 billion" in fact.sentence


@needs_seeds
def test_the_article_on_talks() -> None:
    (fact,) = facts_of((SEEDS / "xai-oracle-talks.txt").read_text(encoding="utf-8"))
    assert (fact.kind, fact.status) == ("lease", "ended")
    assert (fact.amount, fact.currency, fact.bound) == (1e10, "USD", "exact")
    assert set(parties(fact)) == {"xAI", "Oracle"}


def test_who_is_supplied_is_the_buyer_behind_what_it_is() -> None:
    (fact,) = facts_of("Corvale landed a $1 billion deal to supply the social network Dunmore with servers.")
    assert parties(fact) == {"Corvale": "supplier", "Dunmore": "buyer"}


@pytest.mark.parametrize(
    "text",
    [
        "Allí reunirá 100.000 procesadores H100 de Nvidia, comprados a través de Dell y Supermicro.",
        "Elle y installe 100 000 processeurs H100 de Nvidia, achetés par l'intermédiaire de Dell et Supermicro.",
        "Dort stehen 100.000 Prozessoren H100 von Nvidia, die über Dell und Supermicro gekauft wurden.",
    ],
)
def test_processors_that_were_bought_are_no_firm(text: str) -> None:
    assert [fact.kind for fact in facts_of(text) if fact.kind == "acquisition"] == []


def test_land_is_no_firm() -> None:
    assert facts_of("Oracle hatte sich die Leistung beim Kauf des Grundstücks gesichert.", language="de") == ()


def test_who_came_away_without_an_order_has_lost_it() -> None:
    (fact,) = facts_of("入札にはDellとSupermicroも加わったが、受注には至らなかった。")
    assert (fact.status, set(parties(fact))) == ("lost", {"Dell", "Supermicro"})


def test_a_paper_is_no_party_in_other_scripts_either() -> None:
    (fact,) = facts_of("ブルームバーグによると、HPEは交流サイトのXから10億ドル超のAIサーバーを受注した。")
    assert set(parties(fact)) == {"HPE", "X"}


def test_a_neighbour_names_the_price() -> None:
    (fact,) = facts_of("IBM has bought HashiCorp. The price was $6.4 billion.")
    assert (fact.amount, parties(fact)) == (6.4e9, {"IBM": "buyer", "HashiCorp": "target"})
    assert fact.sentence == "IBM has bought HashiCorp."


def test_a_neighbour_names_the_parties() -> None:
    (fact,) = facts_of("Oracle and Vantage confirmed it on Monday. The lease is worth $12 billion.")
    assert (fact.amount, set(parties(fact))) == (1.2e10, {"Oracle", "Vantage"})


def test_the_title_is_a_neighbour() -> None:
    (fact,) = facts_of("The lease is worth $12 billion.", title="Oracle and Vantage go together")
    assert (fact.amount, set(parties(fact))) == (1.2e10, {"Oracle", "Vantage"})


def test_the_same_deal_told_twice_is_one_fact() -> None:
    (fact,) = facts_of(
        "HPE agreed to buy Juniper Networks for $14 billion. Nothing else happened. "
        "The $14 billion acquisition of Juniper by HPE was announced on Tuesday.",
        title="HPE to buy Juniper for $14bn",
    )
    assert (fact.amount, fact.status) == (1.4e10, "agreed")
    assert parties(fact) == {"HPE": "buyer", "Juniper Networks": "target"}
    assert fact.sentence == "HPE to buy Juniper for $14bn"


def test_two_deals_are_two_facts() -> None:
    found = facts_of("Cisco bought Splunk for $28 billion. Oracle bought Cerner for $28.3 billion.")
    assert [fact.amount for fact in found] == [2.8e10, 2.83e10]


def test_losers_join_the_contract_they_lost() -> None:
    (fact,) = facts_of(
        "HPE signed a $1 billion contract with Tesla to supply servers. Dell and Supermicro bid for it but were "
        "ultimately unsuccessful."
    )
    assert parties(fact) == {
        "HPE": parties(fact)["HPE"],
        "Tesla": "buyer",
        "Dell": "losing bidder",
        "Supermicro": "losing bidder",
    }


def test_bids_are_for_the_contract_that_the_article_tells_of() -> None:
    (fact,) = facts_of(
        "X picked HPE for AI servers in a contract worth more than $1 billion. Dell and Supermicro both made bids, the "
        "people said, and both were turned down."
    )
    assert parties(fact) == {"X": "buyer", "HPE": "supplier", "Dell": "losing bidder", "Supermicro": "losing bidder"}


def test_a_contract_with_somebody_does_not_tell_who_supplies_whom() -> None:
    (fact,) = facts_of("Under Apple's contract with Oracle no sum was ever named.")
    assert parties(fact) == {"Apple": None, "Oracle": None}
    (fact,) = facts_of("Apple's new contract from Oracle was signed on Monday.")
    assert parties(fact) == {"Apple": "supplier", "Oracle": "buyer"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Oracle denied that it would buy TikTok for $50 billion.", "denied"),
        ("Oracle has not agreed to buy TikTok for $50 billion.", "denied"),
        ("No contract between Oracle and xAI has been signed.", "denied"),
        # a denial of something else
        ("Oracle must pay HPE $3 billion and denies any wrongdoing.", "won"),
        ("Oracle could buy TikTok for $50 billion.", "rumoured"),
        ("Oracle is in talks to buy TikTok for $50 billion.", "talks"),
        ("Oracle will buy TikTok for $50 billion.", "announced"),
        ("Oracle bought TikTok for $50 billion.", "completed"),
        ("Oracle called off its $50 billion purchase of TikTok.", "ended"),
    ],
)
def test_how_far_a_deal_is(text: str, status: str) -> None:
    assert [fact.status for fact in facts_of(text)] == [status]


def test_who_reports_is_no_party() -> None:
    (fact,) = facts_of("According to Reuters, Dell will supply xAI with servers worth $5 billion.")
    assert (fact.reported_by, parties(fact)) == ("Reuters", {"Dell": "supplier", "xAI": "buyer"})
    (fact,) = facts_of("Bloomberg reports that Oracle signed a contract with OpenAI worth $30 billion.")
    assert (fact.reported_by, set(parties(fact))) == ("Bloomberg", {"Oracle", "OpenAI"})


def test_a_headline_without_a_verb_is_told_of_the_articles_entity() -> None:
    title = "$22 million for Marlow Falls"
    (fact,) = facts_of("The first shift begins in May. HPE planned the hall, and HPE pays for it.", title=title)
    assert (fact.kind, fact.amount, parties(fact)) == ("investment", 2.2e7, {"HPE": None})
    # two are tracked: nobody says whose money it is
    assert facts_of("The first shift begins in May. HPE planned the hall, and Oracle pays for it.", title=title) == ()


def test_the_company_is_the_subject_of_the_main_clause() -> None:
    (fact,) = facts_of("Since Halden was split, Corvale has gone shopping. The company bought Dunmore for $90 million.")
    assert parties(fact) == {"Corvale": "buyer", "Dunmore": "target"}


def test_backers_named_on_their_own_join_the_round() -> None:
    (fact,) = facts_of(
        "Lumio has raised $8.7 million in a new round of funding. Led by Kestrel Ventures, the round will pay for more "
        "meters. Tarn Partners also participated in the round."
    )
    assert parties(fact) == {"Lumio": "target", "Kestrel Ventures": "investor", "Tarn Partners": "investor"}


def test_a_title_may_tell_the_price_in_another_currency() -> None:
    (fact,) = facts_of(
        "Corvale agreed to buy the cable maker Dunmore for about 4 billion pounds ($5 billion).",
        title="Corvale to Buy Dunmore in $5 Billion Deal",
    )
    assert (fact.amount, fact.currency, fact.bound, fact.status) == (4e9, "GBP", "about", "agreed")


def test_two_suppliers_are_no_deal() -> None:
    assert facts_of("The company is buying chips from Dell and Supermicro for this hall.") == ()


def test_capitals_of_a_headline_are_doubted() -> None:
    (fact,) = facts_of(
        "Corvale has signed a contract worth over $26 million.", title="A Cable Company Is Raking In Contracts | WIRED"
    )
    assert (fact.amount, parties(fact)) == (2.6e7, {"Corvale": None})


def test_a_part_of_a_firm_is_not_its_full_name() -> None:
    (fact,) = facts_of("", title="Google acquires Dunmore to bring meters to Google Cloud")
    assert parties(fact) == {"Google": "buyer", "Dunmore": "target"}


def test_a_headline_that_ran_into_the_report_is_read_apart() -> None:
    found = facts_of(
        "Error in Your Favor: Halden's Long Fight to Reclaim $900 Million From Pellworth (Reuters) - Corvale bought "
        "Dunmore for $40 million."
    )
    assert [(fact.amount, parties(fact)) for fact in found] == [(4e7, {"Corvale": "buyer", "Dunmore": "target"})]


def test_links_beside_the_article_are_not_read() -> None:
    text = (
        "Rain fell in Bern.\nRelated articles\nCisco buys Splunk for $28 billion\nOracle buys Cerner for $28 billion\n"
    )
    assert facts_of(text) == ()


def test_what_recurs_on_a_hosts_pages_is_not_read() -> None:
    lines = ["It rained.", "Cisco buys Splunk for $28 billion.", "HPE buys Juniper for $14 billion."]
    text = "\n".join(lines)
    begin = len(lines[0]) + 1
    document = Document("", text, recurring=((begin, begin + len(lines[1]) + 1),))
    assert [fact.sentence for fact in extract_facts(document, MatchResult())] == [lines[2]]


def test_a_document_without_a_cue_has_no_facts() -> None:
    assert facts_of("The weather was fine and $5 was all he had.") == ()


pieces = st.sampled_from(
    [example.text for example in examples("seen.txt")[::4]]
    + [
        "$1 ",
        "deal ",
        "Acme Corp ",
        "\n",
        ". ",
        "bought ",
        "\ue000",
        "\uf000",
        "契約",
        "10億ドル",
        "\x00",
        "from ",
        "a" * 700,
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=80))
def test_any_text_gives_bounded_facts_with_their_proof(text: str) -> None:
    found = facts_of(text)
    assert len(found) <= 20
    for fact in found:
        assert len(fact.parties) <= 12
        assert len(fact.sentence) <= 500
        assert fact.sentence in " ".join(text.split())
        assert (fact.amount is None) == (fact.bound is None)
        assert len({party.name for party in fact.parties}) == len(fact.parties)
    assert found == facts_of(text)


@pytest.mark.parametrize(
    "piece",
    [
        "$1 ",
        "deal $1,000,",
        "Contract A ",
        "Aa",
        "bought by of from ",
        "Acme bought Beta for $5 billion. ",
        "deal\n",
        "contract (",
        "契約1億",
        "Reuters said ",
        "deal worth at ",
        "Bank of ",
    ],
)
def test_a_megabyte_of_bait_is_read_to_its_end(piece: str) -> None:
    """Without bounds on sentences and repetitions each of these takes hours."""
    text = piece * (1_000_000 // len(piece))
    assert len(extract_facts(Document("", text), MatchResult())) <= 20


def test_the_company_is_who_was_named_before() -> None:
    [fact] = facts_of("The company recently secured $22 million in Series A funding.", "Lumio levels up in schools")
    assert [party.name for party in fact.parties] == ["Lumio"]


def test_words_that_the_text_writes_small_are_no_names_of_its_headline() -> None:
    [fact] = facts_of("It will buy pipelines of Halden for $613 million.", "Corvale to Buy Some Halden Pipelines")
    assert {party.name for party in fact.parties} == {"Corvale", "Halden"}


def test_two_deals_of_one_sentence_have_the_whole_sentence_as_proof() -> None:
    text = "Corvale bought Dunmore for $2 billion, while Elmhurst sold Pellworth to Halden for $3 billion."
    first, second = facts_of(text)
    assert (first.amount, second.amount) == (2e9, 3e9)
    assert first.sentence == second.sentence == text


def test_a_price_tells_what_it_is_made_of() -> None:
    [halves] = facts_of("Corvale raised $10 billion, half debt, half equity, on Friday.")
    assert [(part.number, part.unit) for part in halves.quantities] == [(5e9, "USD debt"), (5e9, "USD equity")]
    [parts] = facts_of("Corvale agreed to buy Dunmore for $5 billion, with $3 billion in cash and $2 billion in stock.")
    assert parts.amount == 5e9
    assert [(part.number, part.unit) for part in parts.quantities] == [(3e9, "USD cash"), (2e9, "USD stock")]


def test_the_exacter_amount_of_the_text_replaces_the_rounded_one_of_the_title() -> None:
    [fact] = facts_of("Corvale agreed to buy Dunmore for $520.6 million in cash.", "Corvale buys Dunmore for $521m")
    assert fact.amount == 520.6e6


def test_a_short_name_is_the_long_one() -> None:
    [fact] = facts_of("Halden offered £1.3bn for the London Metal Exchange.", "Halden in £1.3bn bid for LME")
    assert [party.name for party in fact.parties] == ["Halden", "London Metal Exchange"]


def test_a_known_firms_own_full_name_is_no_part_of_it() -> None:
    [fact] = facts_of("Dell Technologies will buy Dunmore for $2 billion. Dell said the Dunmore deal was agreed.")
    assert parties(fact) == {"Dell Technologies": "buyer", "Dunmore": "target"}


def test_the_text_hedges_what_the_title_states() -> None:
    [fact] = facts_of("Corvale is in talks to buy Dunmore for $2 billion.", "Corvale to buy Dunmore for $2 billion")
    assert fact.status is Status.TALKS


def test_german_past_is_done() -> None:
    (fact,) = facts_of("Hallwang kaufte im Mai die Werft Brenkhoff für 40 Millionen Euro.", language="de")
    assert fact.status is Status.COMPLETED


def test_a_german_noun_is_no_party_where_nobody_told_the_language() -> None:
    (fact,) = facts_of("Hallwang hat das Areal des alten Grundstücks mit der Fabrik für 9 Millionen Euro gekauft.")
    assert set(parties(fact)) == {"Hallwang"}


def test_a_title_in_capitals_names_whom_the_article_names() -> None:
    facts = facts_of("Hallwang Insurance has bought Brenkhoff for $410 million.", "HALLWANG BUYS A RIVAL FOR THE DAY")
    assert {name for fact in facts for name in parties(fact)} == {"Hallwang Insurance", "Brenkhoff"}


def test_a_watchdog_that_forbids_a_takeover_buys_nothing() -> None:
    (fact,) = facts_of("The Commission blocked the takeover of Brenkhoff by Hallwang.")
    assert parties(fact) == {"Brenkhoff": "target", "Hallwang": "buyer"}
    assert fact.status is Status.ENDED


def test_what_stands_behind_after_is_no_deal_of_its_own() -> None:
    (fact,) = facts_of("Hallwang's $2 billion takeover of Brenkhoff collapsed after it failed to obtain financing.")
    assert (fact.kind, fact.status) == (Kind.ACQUISITION, Status.ENDED)


def test_what_a_stake_values_its_firm_at_is_no_price() -> None:
    (fact,) = facts_of("Hallwang is weighing a sale of its stake in Brenkhoff that could value the firm at $2 billion.")
    assert fact.amount is None
