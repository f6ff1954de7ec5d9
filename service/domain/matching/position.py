"""What a bare name does in its sentence: subject, object, possessor, alone after a preposition.

A singular common noun does none of these without an article, so that each is a sign of a name even where the capital
says nothing (in headings, at a sentence's start, in German).
"""

import re
from collections.abc import Iterator

from service.domain.matching.lexicon import (
    AFTER_COMPANY,
    NAMES_TAKE_ARTICLES,
    NEWS_VERBS,
    PREPOSITIONS,
    VERB_LIKE,
    articles_of,
    is_common_word,
)
from service.domain.matching.scan import Candidate
from service.domain.model import Field

__all__ = [
    "CONJUNCTIONS",
    "OTHER_LATIN",
    "SUBJECT_AFTER",
    "VERB_AFTER",
    "has_determiner",
    "is_branch",
    "position_signs",
    "roles",
    "small_signs",
]

Sign = tuple[float, str]

_LOOK = 60
_WORD_BEFORE = re.compile(r"([^\W\d_]+'?)[ ]*[\"`*]{0,2}$")
CONJUNCTIONS = ("that", "which", "what", "no")
"""Determiners that before a capital are likelier something else ("he said that Acme will")."""
_BRANCH_BEFORE = re.compile(
    r"\b(?:outside|inside|at|near|in|from|behind|opposite|to|into) (?:the|an?|another|every|each|one) $"
)
_BRANCH_AFTER = re.compile(r" (?:on|in|near|at|off|across|outside) [A-Z0-9]")
_LISTED_AS = re.compile(r"\A \([A-Z][\w.: ]{0,18}\)")
""" "NAME (V.N) said": the symbol between subject and verb."""
_SPEAKS = re.compile(r": ?[\"'](?!s )\w")
_AUXILIARIES = frozenset(
    {"is", "was", "has", "had", "will", "would", "can", "could", "may", "might", "must", "should", "does", "did"}
)
SUBJECT_AFTER = re.compile(r" (?:se|ha|no|va|ne|n'a|ont|sera|será|fue|è|heeft|wil|s'est|peut|puede|pode|può) ")
"""What follows a subject in languages whose nouns also begin sentences without an article."""
VERB_AFTER = re.compile(
    r" (?!as |its |is )(?:[a-z]{2,}ed (?:(?:for|to|into|on|in|with|over|from|at|new|about|some)\b|(?=OBJECT))|"
    r"[a-z]{2,}s (?=OBJECT))".replace(
        "OBJECT", r"(?:the|an?|its|their|his|her|all|up|out|off|down|back|nearly|it|them|that|more)\b|\d|[$€£]"
    )
)
"""A verb in the past, or in the third person before what only verbs have after them."""
_AFTER_NOUNS = frozenset({"at", "in", "of", "near", "across", "around", "along"})
"""After these a word such as "fires" is a noun in the plural."""
_ADVERB_AFTER = re.compile(
    r" (?:also|now|already|still|never|just|recently|soon|later|once|[a-z]{3,}ly) [a-z]|"
    r", (?:which|whose|who|meanwhile|based|for its part|by contrast|too|of course)\b"
)
"""What follows a subject that has no article."""
_GERMAN_VERB_AFTER = re.compile(r" (?:will|muss|kann|soll|darf|hatte|war|[a-zäöüß]+t|[a-zäöüß]+te) ")
_ASKS = frozenset({"why", "how", "what", "when", "if", "as", "where", "while", "because", "that", "before", "after"})
_TO_SOMEBODY = frozenset(
    {
        "fines",
        "fined",
        "sues",
        "sued",
        "probes",
        "accuses",
        "accused",
        "joins",
        "joined",
        "quits",
        "quit",
        "leaves",
        "left",
        "urges",
        "urged",
        "tells",
        "told",
        "warns",
        "warned",
        "asks",
        "asked",
        "orders",
        "ordered",
        "forces",
        "forced",
        "allows",
        "allowed",
        "lets",
        "helps",
        "helped",
        "hires",
        "blames",
        "blamed",
        "thanks",
        "charges",
        "ordering",
        "suing",
        "telling",
        "asking",
        "accusing",
        "joining",
        "leaving",
    }
)
"""Verbs whose object is somebody."""
_OF_COMPANIES = frozenset({"down", "up", "back", "due", "set", "hit", "sold", "built", "worth", "among", "under"})
"""What somebody "is" or "was", rather than a thing without an article."""
_TELLING_PLACES = frozenset({"at", "by", "from", "bei", "von", "chez"})
"""Prepositions after which a lone common noun is rare."""
_AROUND = 200
_FIRST_WORDS = re.compile(r" ([a-z]+)(?: ([a-z]+))?")
_CLAUSE_BEGINS = re.compile(
    r"(?:^|[-:;,.!?>|(\n\"] ?|\b(?:that|as|and|why|how|when|if|URL|AT_USER|rt) |(?<![\w$])\$ ?[A-Za-z]{1,5} )$"
)
_ANNOUNCED = frozenset({"buy", "acquire", "sell", "cut", "hire", "invest", "launch", "report", "join", "open", "pay"})
_ONLY_VERBS = frozenset(
    "admits agrees allows announces argues became began begins brings confirms considers delivers denies develops "  # noqa: SIM905
    "discloses employs expands expects fell gave gives goes grew grows insists introduces invests joins keeps loses "
    "operates owns pays proposes provides publishes ran receives refuses rejects removes replaces rose saw says "
    "seeks sees sells sends spends takes tells threatens took tries unveils wants warns went withdraws".split()
)
"""Those of them that are no noun in the plural, and no participle."""
_AND_VERB = re.compile(r" (?:and|&) ([A-Z][\w-]+) ([a-z]+)")
_HAVE = frozenset({"have", "are", "were", "will", "had", "plan", "agree", "say", "face", "cut", "raise", "lead"})
_CASHTAG = re.compile(r"(?<![\w$])\$ ?[A-Za-z]{1,5}(?![\w$])")
OTHER_LATIN = ("es", "fr", "it", "pt", "nl")


def roles(plain: str, candidate: Candidate) -> Iterator[str]:
    """What a bare name does in its sentence that a bare common noun does not."""
    rest = plain[candidate.end : candidate.end + _LOOK]
    last = _word_before(plain, candidate.start)
    if rest.startswith("'s "):
        yield "possessive without an article"
    if last in _TELLING_PLACES and _ends_phrase(plain, candidate.end):
        yield f"alone after “{last}”"
    if last in _TO_SOMEBODY:
        yield f"object of “{last}”"
    words = rest[1:].split(None, 2) if rest.startswith(" ") else []
    if words and (_bare(words[0]) in _AUXILIARIES or words[0] in NEWS_VERBS):
        yield f"subject of “{words[0]}”"
    elif VERB_AFTER.match(rest) or _ADVERB_AFTER.match(rest):
        yield "subject of what follows"


def _bare(word: str) -> str:
    return word.removesuffix("n't")


def is_branch(candidate: Candidate, plain: str) -> bool:
    """ "outside the NAME on Route 9": one of its branches, although the name has an article."""
    if not candidate.written.istitle() or _BRANCH_AFTER.match(plain, candidate.end) is None:
        return False
    return _BRANCH_BEFORE.search(plain[max(0, candidate.start - _LOOK) : candidate.start]) is not None


def _word_before(plain: str, start: int) -> str:
    last = _WORD_BEFORE.search(plain[max(0, start - _LOOK) : start].lower())
    return "" if last is None else last.group(1)


def _ends_phrase(plain: str, end: int) -> bool:
    """Whether the noun phrase ends with the name: nothing follows that the name could belong to."""
    rest = plain[end : end + _LOOK].lower()
    words = rest.split(None, 1) if rest.startswith(" ") else []
    return not rest.strip() or rest[0] in ".,;:?!)" or (bool(words) and words[0] in VERB_LIKE)


def has_determiner(plain: str, candidate: Candidate, language: str | None) -> bool:
    last = _word_before(plain, candidate.start)
    if not last or language in NAMES_TAKE_ARTICLES:
        return False
    return last in articles_of(language) and last not in CONJUNCTIONS


def position_signs(
    plain: str, candidate: Candidate, *, weak: bool, starts: bool, language: str | None
) -> Iterator[Sign]:
    """Where the capital says nothing: a lone noun as subject, after a preposition, or with a possessive is a name."""
    rest = _LISTED_AS.sub("", plain[candidate.end : candidate.end + _LOOK]).lower()
    words = rest[1:].split(None, 2) if rest.startswith(" ") else []
    if starts and _SPEAKS.match(rest):
        yield (2.9 if weak else 0.7), "says what stands behind the colon"
        return
    if rest.startswith(("'s ", "' ")):
        yield (2.8 if weak else 0.7), "possessive without an article"
        return
    if starts and (words or _ADVERB_AFTER.match(rest)):
        yield from _first(plain, candidate, rest, words, weak=weak, language=language)
        return
    last = _word_before(plain, candidate.start)
    if last in _ASKS and words and (words[0] in NEWS_VERBS or _bare(words[0]) in _AUXILIARIES):
        yield (2.5 if weak else 0.5), f"subject of “{words[0]}”"
    elif last in _TO_SOMEBODY and language != "de":
        yield (2.5 if weak else 0.5), f"object of “{last}”"
    elif last in PREPOSITIONS and (_ends_phrase(plain, candidate.end) or language == "de"):
        yield (2.5 if weak else 0.7), f"alone after “{last}”"
    elif words and words[0] in _AUXILIARIES:
        yield (2.3 if weak else 0.3), f"subject of “{words[0]}”"
    elif language == "de" and not has_determiner(plain, candidate, language):
        yield (2.3 if weak else 0.5), "without an article"


def small_signs(plain: str, candidate: Candidate) -> Iterator[Sign]:
    """In a text without capitals: what begins a clause and does what companies do, and stock symbols around it."""
    before = plain[max(0, candidate.start - _LOOK) : candidate.start]
    after = _FIRST_WORDS.match(plain, candidate.end)
    if after is not None and _CLAUSE_BEGINS.search(before):
        verb = after.group(1)
        if verb in NEWS_VERBS and verb not in AFTER_COMPANY and after.group(2) not in _AUXILIARIES | _AFTER_NOUNS:
            yield 2.0, f"subject of “{after.group(1)}”"
        elif after.group(1) == "to" and after.group(2) in _ANNOUNCED:
            yield 2.0, f"is “to {after.group(2)}”, as headlines announce"
    if _CASHTAG.search(plain, max(0, candidate.start - _AROUND), candidate.end + _AROUND):
        yield 1.5, "stock symbols stand around it"
    if plain.startswith(("'s ", " 's "), candidate.end) and _word_before(plain, candidate.start) in PREPOSITIONS:
        yield 1.0, "possessive without an article"


def _is_pair(pair: re.Match[str]) -> bool:
    """ "NAME and Quuxon sued": both have capitals and no article, and only one of them begins the sentence."""
    return pair.group(2) in NEWS_VERBS or (pair.group(2) in _HAVE and not is_common_word(pair.group(1)))


def _first(
    plain: str, candidate: Candidate, rest: str, words: list[str], *, weak: bool, language: str | None
) -> Iterator[Sign]:
    """A name that begins a sentence: what follows shows a subject that has no article."""
    follower = words[0] if words else ""
    second = words[1] if len(words) > 1 else ""
    if (follower in NEWS_VERBS and second not in _AUXILIARIES | _AFTER_NOUNS) or follower in _ONLY_VERBS:
        yield (2.9 if weak else 1.0), f"subject of “{follower}”"
    elif follower in {"is", "was"} and not (
        second in _OF_COMPANIES or second.rstrip(".,").endswith(("ing", "ed", "en"))
    ):
        yield (2.0 if weak else 0.3), f"subject of “{follower}”"
    elif _bare(follower) in _AUXILIARIES or follower == "won't":
        yield (2.6 if weak else 0.3), f"subject of “{follower}”"
    elif VERB_AFTER.match(rest) or _ADVERB_AFTER.match(rest):
        yield (2.6 if weak else 0.5), "subject of what follows"
    elif follower == "to" and second.isalpha() and (candidate.field is Field.TITLE or not candidate.start):
        yield (2.6 if weak else 0.5), f"is “to {second}”, as headlines announce"
    elif (pair := _AND_VERB.match(plain, candidate.end)) and _is_pair(pair):
        yield (2.6 if weak else 0.5), f"with “{pair.group(1)}” the subject of “{pair.group(2)}”"
    elif language == "de" and _GERMAN_VERB_AFTER.match(plain, candidate.end):
        yield (2.5 if weak else 0.5), f"subject of “{follower}”"
    elif language in OTHER_LATIN and words and plain[candidate.end + 1].islower():
        yield (2.6 if weak else 0.7), "an English word as a name in a text of another language"
