"""Classes of look-alikes that no list has, and the true mentions that stand closest to them."""

import pytest

from service.domain.matching import Matcher, entity_from_mapping
from service.domain.matching.fields import Fields, home_fields
from service.domain.matching.normal import normalise
from service.domain.model import Document
from tests.domain.matching.bundled import match, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # packages and repositories
        ("Bump com.oracle.oci.sdk:oci-java-sdk to 3.43.", {"Oracle"}),
        ("com.oracle is not a package here", set()),
        ("notcom.oracle.thing and my-com.oracle.thing", set()),
        ("oracle/graal: native image fails", {"Oracle"}),
        ("FROM images.example.com/oracle/linux:9", {"Oracle"}),
        ("The file oracle/price.rs holds the tests.", set()),
        ("Ask the prophet, seer, oracle/sage or whatever you call her.", set()),
        # two everyday words as an adjective, and as the name
        ("The Super Micro headlamp clips on a cap.", set()),
        ("El Super Micro es un coche pequeño.", set()),
        ("The Super Micro board has two ports.", {"Supermicro"}),
        ("The Super Micro saga goes on.", {"Supermicro"}),
        ("Super Micro slips 3%.", {"Supermicro"}),
        # coined words in small letters
        ("In 1983 every maker sold supermicros to offices.", set()),
        ("got a supermicro for free, what do I do with it", {"Supermicro"}),
        # somebody's, or the word itself
        ("They fear Thassa's Oracle.", set()),
        ("Larry Ellison's Oracle wants TikTok.", {"Oracle"}),
        ('"Oracle" comes from Latin orare.', set()),
        # another firm's longer name
        ("HPE Growth, a fund in Amsterdam, bought a share. HPE Growth has ten partners.", set()),
        ("Applicant: HPE Properties Ltd.", set()),
        ("The HPE Aruba switch has ten ports.", {"HPE"}),
        # an expansion without brackets
        ("The Science Museum of Central Indiana, SMCI for short, opens at ten.", set()),
        ("Hewlett Packard Enterprise, HPE for short, grew.", {"HPE"}),
    ],
)
def test_the_class_is_told_from_the_company(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_a_coined_name_with_a_capital_stands_beside_words_of_the_other_sense() -> None:
    assert names("The surgery start-up trains on a Supermicro cluster; its needle moves by microns.") == {"Supermicro"}
    assert names("The surgeon calls it supermicro surgery.") == set()


def test_tokens_in_a_list_are_no_company() -> None:
    assert names("1. PEPE +31.0%\n2. ARB +22.4%\n3. XAI +18.9%\n4. SUI +17.2%\nBitcoin flat.") == set()
    assert names("Premarket: TSLA +1.0%, xAI lender Valor +2.1%") == {"xAI"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ZQE showed inflammation of the bowel; no dysplasia.", 0),  # two words of medicine, none of its own
        ("ZQE showed inflammation of the bowel, its shareholders and investors heard.", 1),  # outweighed
        ("ZQE keeps bees.", 1),  # nothing told
        ("ZQE pays a doctor.", 1),  # one word may be chance beside an acronym
    ],
)
def test_words_of_another_field_speak_against_a_short_acronym(text: str, found: int) -> None:
    matcher = Matcher([entity_from_mapping({"name": "ZQE"})])
    assert len(matcher.match(Document("", text)).mentions) == found


def test_the_reason_names_the_words_and_their_field() -> None:
    (rejection,) = match("HPE showed chronic inflammation without dysplasia.").rejected
    assert "another field" in rejection.reason
    assert "medicine" in rejection.reason


def test_an_entity_is_at_home_where_two_of_its_own_words_belong() -> None:
    assert home_fields(["dysplasia", "biopsy"]) == {"business", "medicine"}
    assert home_fields(["dysplasia"]) == {"business"}
    assert home_fields([]) == {"business"}


def test_a_word_counts_once_and_only_in_its_own_field_and_casing() -> None:
    def sign(text: str, home: frozenset[str] = frozenset({"business"})) -> float:
        normal = normalise(text)
        found = Fields(normal, normal).sign(0, "ZQE", home, 0, short=False)
        return found[0] if found else 0.0

    assert sign("ZQE biopsy") < 0
    assert sign("ZQE biopsy biopsy biopsy") == sign("ZQE biopsy")
    assert sign("ZQE biopsy dysplasia") < sign("ZQE biopsy")
    assert sign("ZQE biopsy", frozenset({"medicine"})) > 0
    assert sign("ZQE autobiopsyx") == 0
    assert sign("ZQE APT") < 0 == sign("ZQE apt")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the noun after an acronym
        ("Our group runs an HPE server: joint angles come out. Pose estimation happens at home.", set()),
        ("We put human pose estimation on two HPE servers.", {"HPE"}),
        ("The start-up runs human pose estimation on HPE Edgeline boxes.", {"HPE"}),
        ("HPE results on keypoint data, with a squat in each video, and no report.", set()),
        ("HPE results beat forecasts.", {"HPE"}),
        # terms and what they mean, rows of companies
        (
            "Hash: a fingerprint of data. Node: a machine that keeps a copy. Oracle: a service that tells the weather.",
            set(),
        ),
        ("Oracle: raised its forecast. HPE: missed by a cent. SAP: a railway bought it.", {"Oracle", "HPE"}),
        ("ARR: a year of fees. RPO: an order not delivered. Oracle: a database maker.", {"Oracle"}),
        # figures
        ("Her new name was Oracle. For years she hid. Readers were angry; Oracle had been theirs.", set()),
        ("As Oracle she built a network of informants.", set()),
        ("Next to the door Oracle smiles and bakes.", set()),
        ("She read for the part of Oracle with a cold.", set()),
        ("She spoke for Oracle in court.", {"Oracle"}),
        ("A Knight, Witch, Oracle and Priest met at a door.", set()),
        ("Apple, Target and Oracle sent recruiters.", {"Oracle"}),
        ("* Out: Flash, Oracle, Palm webOS, five clients", {"Oracle"}),
        # programs
        ("oracle v0.9.2\nOracle now reads a file.", set()),
        ("I tried running Oracle on the codebase.", set()),
        ("We tried running Oracle on Docker.", {"Oracle"}),
        # places
        ("A ranch two miles from Oracle is for sale.", set()),
        ("The fire moved toward Oracle overnight.", set()),
        ("Two miles from Oracle's campus the road is closed.", {"Oracle"}),
        # clues, series
        ("7 down: Oracle has a tripod (6).", set()),
        ("After HPE 12 comes HPE 13, in June.", set()),
        ("The HPE 5130 and the HPE 5140 get new firmware.", {"HPE"}),
        # an earlier owner of a domain
        ("I used x.ai for scheduling and went back to Calendly.", set()),
        ("Get a key at https://console.x.ai/ for scheduling with Calendly.", {"xAI"}),
        ("The status page of x.ai says that chats fail.", {"xAI"}),
        # a sentence that ends with a given name is no person's name
        ("He lives in San Francisco. Oracle sued him.", {"Oracle"}),
        ("The suit was brought by Fiona. Oracle said no.", {"Oracle"}),
        ("Dr. Oracle sees patients.", set()),
    ],
)
def test_what_stands_beside_the_name_tells_the_bearer(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_the_body_tells_of_what_field_a_name_in_the_title_is() -> None:
    squats = "Patients squat in front of a camera. They want angles of the knee, not heat maps."
    assert names(squats, "HPE: what clinicians want") == set()
    assert names("It has two bays.", "HPE: what clinicians want") == {"HPE"}


def test_one_word_speaks_against_a_name_once() -> None:
    (rejection,) = match("HPE, holoprosencephaly, is rare.").rejected
    assert rejection.reason.count("holoprosenc") <= 2  # spelled out, and one context


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a verb, an adjective, a key, a heading, the word repeated
        ("Senators vowed to Block the bill.", False),
        ("The court told Block to pay $80 million.", True),
        ("That joke was so Block that nobody laughed.", False),
        ("Press Block+C to copy.", False),
        ("Emissions Block: net zero by 2050.", False),
        ('Block: "We won\'t raise prices"', True),
        ("Block by Block, the trees were counted.", False),
        # clubs, people, towns
        ("Block won 2-0 at home.", False),
        ("Kickers beat Block 2-1.", False),
        ("Block won an order from Verizon.", True),
        ("The artist, Block, 19, studies in Vienna.", False),
        ("J.T. Block brought Zen to the West.", False),
        ("By Block Martin, staff writer", False),
        ("The council of Block, Pennsylvania, met.", False),
        # what only companies have, where the capital tells nothing
        ("Block supplier Quuxon will hire.", True),
        ("Block-backed Quuxon is for sale.", True),
        ("Block Inc. is moving its offices.", True),
        ("Block (XYZ.N) said volume climbed.", True),
        ("Block and Quuxon called off their merger.", True),
        ("Block delivers in an hour now.", True),
        ("BLOCK COMPANY HID YACHT, COURT HEARS", False),
        # a name is not in a list with itself
        ("She is a Block, and Block warriors train.", False),
    ],
)
def test_an_everyday_word_given_as_a_bare_name(text: str, expected: bool) -> None:
    matcher = Matcher([entity_from_mapping({"name": "Block"})])
    assert bool(matcher.match(Document("", text, language="en")).mentions) is expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Critics praised the pianist Quux Suzuki on Monday.", 0),
        ("Parts come from Toyota and Suzuki in Japan.", 1),
        ("Suzuki Motor said it would stop.", 1),
    ],
)
def test_a_surname_of_another_country(text: str, found: int) -> None:
    matcher = Matcher([entity_from_mapping({"name": "Suzuki"})])
    assert len(matcher.match(Document("", text, language="en")).mentions) == found
