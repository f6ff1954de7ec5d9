"""Longer names, code, rows and other senses that only contain a tracked name, beside texts that do name the company."""

import pytest

from service.domain.matching import Matcher, entity_from_mapping
from service.domain.model import Document
from tests.domain.matching.bundled import match, names

NOBODY: set[str] = set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The parser stops with HPE_CB_MESSAGE_BEGIN when the body is empty.", NOBODY),
        ("llhttp returned HPE_PAUSED_UPGRADE (22), and the socket was closed.", NOBODY),
        ("Found HPE_INVALID_EOF_STATE in the log of our proxy server again.", NOBODY),
        ("The constant MAX_HPE_RETRIES is three by default.", NOBODY),
        ("Set ORACLE_UPDATE_INTERVAL to 60 before you start the price bot.", NOBODY),
        ("The game reads ORACLE_HINTS from a file of riddles.", NOBODY),
        ("XAI_METHODS lists what the notebook explains: LIME, SHAP and anchors.", NOBODY),
        ("Set ORACLE_HOME and ORACLE_SID before you start the database listener.", {"Oracle"}),
        ("Export ORACLE_BASE for the DBA account; sqlplus needs it to reach the database.", {"Oracle"}),
        ("HPE_ILO_PASSWORD is read by the script that updates ProLiant servers of HPE.", {"HPE"}),
        ("Put XAI_API_KEY into the environment and choose grok-4.", {"xAI"}),
        ("SUPERMICRO_BMC_USER defaults to ADMIN.", {"Supermicro"}),
        ("OPENAI_API_KEY, ANTHROPIC_API_KEY and XAI_BASE_URL are read at the start.", {"xAI"}),
        ("Oracle_Database_19c.pdf explains how the database is patched.", {"Oracle"}),
    ],
)
def test_a_part_of_an_identifier_needs_a_text_that_speaks_for_the_entity(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("St. Mary's Catholic Institute (SMCI) won the spelling bee. SMCI has 300 pupils.", NOBODY),
        ("The Southern Maine Crafts Initiative (SMCI) opened a shop. Artists of SMCI sell bowls.", NOBODY),
        ("Severe multisystem chronic illness (SMCI) is rare. Most SMCI patients are women.", NOBODY),
        ("Members of the Sahara Mountain Climbers International met. SMCI has a hut there.", NOBODY),
        ("SMCI (Swiss Maritime Cargo Index) fell by two points. SMCI futures are thin.", NOBODY),
        ("Ocean Research Coordination League (ORCL) divers found a wreck. ORCL has two boats.", NOBODY),
        ("Super Micro Computer (SMCI) fell. SMCI has lost a third since May.", {"Supermicro"}),
        ("Supermicro (SMCI) rose four percent, and SMCI calls were dear.", {"Supermicro"}),
        ("SMCI and NVDA both beat the index on Monday.", {"Supermicro"}),
        ("I hold ORCL and a little MSFT.", {"Oracle"}),
        ("Oracle Corp. (NYSE: ORCL) gained; ORCL is up again.", {"Oracle"}),
        ("Super Micro Computer, Inc. (SMCI) filed late. SMCI shares fell.", {"Supermicro"}),
    ],
)
def test_a_bare_ticker_may_be_spelled_out_as_something_else(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("スーパーマイクロスコープで細胞を観察した。", NOBODY),
        ("新しいスーパーマイクロファイバーの布が発売された。", NOBODY),
        ("スーパーマイクロバブルのシャワーヘッドが人気だ。", NOBODY),
        ("ウルトラスーパーマイクロ加工の刃物を試した。", NOBODY),
        ("スーパーマイクロメーターを買った。", NOBODY),
        ("ハイパースーパーマイクロ技術とは何か。", NOBODY),
        ("スーパーマイクロの株価が急落した。", {"Supermicro"}),
        ("米スーパーマイクロが新工場を建設する。", {"Supermicro"}),
        ("エヌビディアとスーパーマイクロ、提携を拡大", {"Supermicro"}),
        ("「スーパーマイクロ」は日本でも販売する。", {"Supermicro"}),
        ("スーパーマイクロコンピューターの決算は予想を上回った。", {"Supermicro"}),
        ("ヒューレット・パッカード・エンタープライズが発表した。", {"HPE"}),
        ("슈퍼마이크로는 서버를 판다.", {"Supermicro"}),
        ("美超微的股价下跌了。", {"Supermicro"}),
    ],
)
def test_a_run_of_katakana_is_a_word(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oracle Minerals Ltd has found copper north of Broken Hill, and Oracle Minerals will drill again.", NOBODY),
        ("Oracle Bakery Inc. recalled its rye bread. Oracle said that glass was found in two loaves.", NOBODY),
        ("The tender went to Oracle Fencing GmbH from Passau.", NOBODY),
        ("Oracle Lithium (ASX: OLI) raised two million dollars to explore near Perth.", NOBODY),
        ("Oracle Jewellers announced a sale of rings in Leeds.", NOBODY),
        ("Oracle Solar Roofing LLC has laid off forty fitters. Oracle's owner blamed the tariffs.", NOBODY),
        ("HPE Automação Ltda vende cabos em Joinville.", NOBODY),
        ("Oracle America, Inc. v. Google LLC was decided in April.", {"Oracle"}),
        ("The register has Oracle Deutschland GmbH, Otis and Otto.", {"Oracle"}),
        ("Oracle Systems Corporation signed the lease of the office.", {"Oracle"}),
        ("Oracle Fusion Cloud will get an update, the company said.", {"Oracle"}),
        ("Oracle Chairman Larry Ellison said Monday that demand was strong.", {"Oracle"}),
        ("Oracle Hospitality (NYSE: ORCL) sells tills to hotels.", {"Oracle"}),
        ("Oracle Corporation sued Oracle Plumbing Inc. over its name. Oracle wants damages.", {"Oracle"}),
        ("Oracle Buys Cerner Corp for $28 Billion", {"Oracle"}),
        ("Oracle Primavera Inc. sells planning software and a database of projects.", {"Oracle"}),
        ("Hewlett Packard Enterprise Financial Services Ltd leased the servers.", {"HPE"}),
        ("xAI Robotics Inc. is a name that Musk has registered.", {"xAI"}),
    ],
)
def test_a_longer_name_of_another_firm(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Der Super-Micro-Lautsprecher passt in jede Lok.", "de", NOBODY),
        ("Ein Super-Micro-Servo wiegt nur zwei Gramm.", "de", NOBODY),
        ("Wir löten eine Super-Micro-Buchse an das Kabel.", "de", NOBODY),
        ("A super-micro-brewery opened; Super-Micro-Brew is its name.", "en", NOBODY),
        ("Das Super-Micro-Getriebe kostet 19 Euro.", "de", NOBODY),
        ("The Super-Micro-Drill cuts glass.", "en", NOBODY),
        ("Die Super-Micro-Aktie bricht ein.", "de", {"Supermicro"}),
        ("Ein Super-Micro-Server steht im Keller.", "de", {"Supermicro"}),
        ("Super-Micro-Chef Charles Liang gab sich zuversichtlich.", "de", {"Supermicro"}),
        ("The Super-Micro-based rack draws 120 kilowatts.", "en", {"Supermicro"}),
        ("Super-Micro-Anleger klagen in Kalifornien.", "de", {"Supermicro"}),
        ("A Super-Micro-backed start-up cools chips in oil.", "en", {"Supermicro"}),
    ],
)
def test_a_hyphened_name_before_an_unknown_noun(text: str, language: str, expected: set[str]) -> None:
    assert names(text, language=language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Providers\n- anthropic: 1.4\n- xai: 0.9\n- mistral: 0.3", {"xAI"}),
        ("* openai\n* xai\n* deepseek\n* groq", {"xAI"}),
        ("cohere = on\nxai = off\nperplexity = on", {"xAI"}),
        ("### Added\n- xai: image input\n- bedrock: retries\n### Fixed\n- docs", {"xAI"}),
        ('"xai": {"url": "..."},\n"openai": {"url": "..."},', {"xAI"}),
        ("We route to anthropic, gemini, xai and deepseek.", {"xAI"}),
        ("Glossary\n- lime: local surrogate\n- xai: explainable methods\n- shap: game theory", NOBODY),
        ("Topics\n- nlp\n- xai\n- vision\n- speech", NOBODY),
        ("- fever: rest\n- hpe: see the pathologist\n- rash: cream", NOBODY),
        ("tools:\n- search: on\n- oracle: asks a bigger model\n- browser: off", NOBODY),
        ("Villages\n- xai: 200 people\n- ban: 340 people", NOBODY),
        ("wallet: yes\nxai: 40 tokens\narb: 12 tokens", NOBODY),
    ],
)
def test_a_row_that_begins_as_those_of_other_vendors(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oraclehasnotreplied to questions.", {"Oracle"}),
        ("xAIandSupermicrodidnotanswer on Friday.", {"xAI", "Supermicro"}),
        ("The deal that Oraclewillbepaid for is large.", {"Oracle"}),
        ("Spokesmen of OracleandHPEwerenotreached.", {"Oracle", "HPE"}),
        ("Shares ofSupermicrohavebeenhalted since noon.", {"Supermicro"}),
        ("It says Oracleisnotamong the bidders.", {"Oracle"}),
        ("Oracledom is what he calls his trade.", NOBODY),
        ("Oracleship is no English word.", NOBODY),
        ("They met an Oraclemonger at the fair.", NOBODY),
        ("Supermicroscopic cracks were seen.", NOBODY),
        ("Supermicronised talc is used in paint.", NOBODY),
        ("Supermicrotubules grow in the dish.", NOBODY),
    ],
)
def test_chains_of_stuck_words(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # statistics and complexity
        "The oracle inequality of Theorem 2 holds for the penalised estimator.",
        "SCAD has the Oracle property; the Oracle estimator knows the support in advance.",
        "An Oracle separation of BPP and NP would need a new complexity class.",
        # a gaming chain
        "The XAI sentry node pays in esXAI; stakers wait 180 days.",
        "Xai unlocks 40 million tokens on Friday, and wallets on Arbitrum get them.",
        "Xai est une chaîne de jeux sur Arbitrum, et sa cryptomonnaie a perdu la moitié.",
        # materials, medicine, schools, engines
        "HPE fittings for gas: elbow, tee and coupling, polyethylene, to EN 1555.",
        "HPE-Rohre aus Polyethylen werden verschweisst.",
        "The biopsy went to HPE, and the pathologist found no tumour.",
        "At GCSE level, HPE teachers mark the lesson plans of 30 students.",
        "An engine from HPE, Hennessey's shop in Texas, gives the Mustang 850 horsepower.",
        "HPE (high pressure extraction) of hops keeps the aroma.",
        "HPE, host-parasite ecology, is taught in Uppsala; HPE needs field work.",
        # another expansion of SMCI
        "The Science Museum of Central Iowa (SMCI) shows a whale. SMCI is free on Sundays.",
        # persons and places
        "Oracle, Arizona, lost its only grocery. Oracle had 3,000 residents in 2020.",
        "Oracle Jones was born in Detroit. Sister Oracle Jones sings there.",
        "Xai Vang moved to Fresno. Xai is a nurse.",
        # ships, horses, songs, sports
        "HMS Oracle was launched in 1961 as a submarine of the Royal Navy.",
        "Oracle won the 3.40 at Ascot by a length under jockey Ryan Moore.",
        "The schooner Oracle ran aground off Nova Scotia.",
        "“Oracle” is the third song on her new album, with a slow drummer.",
        "Oracle, the Kittie album, turns 25; the guitarist plays it in full.",
        "Oracle Team USA came back from 8-1 to win the America's Cup.",
        "The Delphi oracle spoke in riddles, and Pythia sat on a tripod.",
        "Oracle dos Santos, 34, joga no Moreirense.",
        "MV Oracle lies off Gibraltar with 20 crew.",
        "The yacht Oracle beat Alinghi in Valencia; the trimaran had a wing.",
        "The band Oracle plays the Garage on Friday; doors at eight.",
        "Agent Oracle, codenamed in 1943, was a double agent.",
        "The film Oracle (1998) is a thriller about a hacker in Prague.",
        "Oracle, a bay mare by Galileo, was sold for 300,000 guineas.",
        "The bride wore a dress by Oracle Bridal, and the guests danced.",
        "The operator, Oracle Oil & Gas Ltd, wants to drill near Ryedale.",
        "SMCI: Saint Michael's College of Iligan opens enrolment. SMCI welcomes you.",
        "HPE occurs in one of 10,000 births.",
        # products
        "Super Micro bearings of 0.6 mm run in dental drills.",
        "The Rega Oracle turntable tracks vinyl at 1.8 grams with its old tonearm.",
        "The Super Micro quadcopter flies for six minutes.",
        "The Super Micro airbrush has a needle of 0.2 mm.",
        "The surgeon used Super Micro forceps on lymph vessels.",
    ],
)
def test_other_senses_that_a_reader_knows(text: str) -> None:
    assert match(text).mentions == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HPE won a school district in Ohio: ProLiant servers for 40 sites.", {"HPE"}),
        ("Students at the college log in through HPE Aruba switches.", {"HPE"}),
        ("Oracle sponsors a boat in the regatta, the software group said.", {"Oracle"}),
        ("Wallets aside, xAI of Elon Musk raised money for Grok.", {"xAI"}),
        ("Supermicro servers were smuggled, prosecutors said; one man went to prison.", {"Supermicro"}),
        ("Oracle bought a statistics firm that sells estimators in its cloud.", {"Oracle"}),
        ("An HPE supercomputer models how polymers fold.", {"HPE"}),
        ("The film Oracle bought the rights to is about its founder, the software company said.", {"Oracle"}),
        ("cx_Oracle has no wheel for this version.", {"Oracle"}),
        ("The horse is called Larry; Oracle shares rose all the same.", {"Oracle"}),
    ],
)
def test_the_company_in_the_neighbourhood_of_other_senses(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_a_mask_with_a_region_takes_the_bare_name_with_it() -> None:
    def matcher(*masks: str) -> Matcher:
        alias = {"text": "Target", "strength": "weak"}
        words = ["retailer", "Minneapolis"]
        return Matcher(
            [entity_from_mapping({"name": "Target", "aliases": [alias], "for": words, "masks": list(masks)})]
        )

    shops = Document("", "Target Australia will shut nine stores. People will miss Target.")
    assert matcher().match(shops).mentions
    assert not matcher("Target Australia").match(shops).mentions
    both = Document("", "Target Australia shut a store. Target, the retailer from Minneapolis, said it has no ties.")
    (mention,) = matcher("Target Australia").match(both).mentions
    assert [span.start for span in mention.spans] == [31]
