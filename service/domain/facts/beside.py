"""What stands before and behind a name: whether it is a party, or only said, compared, quoted or part of something."""

import re

from service.domain.facts.words import HEADLINE_CUTS, PLACES
from service.domain.matching.proper_names import is_known_company

__all__ = [
    "REACH",
    "is_beside",
    "is_called_a_firm",
    "is_dealt_with",
    "is_office_holder",
    "is_opener",
    "is_place",
    "is_thing",
    "is_where_a_firm_is",
]

REACH = 40
"""Characters before a name that are looked at."""
_SAID = re.compile(
    r"\s(?:(?:data|figures|estimates|research)\s(?:shows?|suggests?|indicates?)|said(?!\sto\s)|says|told|reports?|reported|wrote|writes|warned|warns|expects?|added|adds|estimates?|analysts?)\b",
    re.IGNORECASE,
)
_SAID_ITSELF = re.compile(
    r"\s(?:said|says|told\s\w+|reported|added)\s(?:\S+\s){0,3}(?:it|its|it's|they|their|that\sit)\s\w", re.IGNORECASE
)
_ATTRIBUTED = re.compile(
    r"(?:\baccording\s+to|\blaut|\bselon|\bd'après|\bsegún|\bsegundo|\bsecondo|\bvolgens|\breport\s+(?:of|by|from)|"
    r"\baccording\sto\s(?:[a-z-]+\s){1,4}|\btold|\b(?:reported|confirmed)\sby|\banalysts?\s+at|\bnach\s+angaben\s+(?:von|der|des))\s+(?:the\s+|die\s+|der\s+|das\s+|le\s+|la\s+|les\s+|"
    r"el\s+|o\s+|a\s+|il\s+|het\s+|de\s+)?$",
    re.IGNORECASE,
)
_ORDERED = re.compile(r"\s(?:that\s)?(?:(?:it|they)\s(?:must|has\sto|have\sto)|to)\s(?:pay|stop|sell)\b")
""" "A jury told N it must pay": N is no listener."""
_SPOKE = re.compile(
    r"\b(?:said|says|writes|wrote|reports|reported|dijo|sagte|déclaré|disse|afirmó|zei)\s(?:the\s|die\s|le\s|la\s|el\s|il\s|het\s)?$"
)
_ENDS = re.compile(
    r"\W*$|[.,;]|'s\s(?:chief|boss|head|CEO|finance|president|chairman)|\s(?:on|in|chief|CEO|spokes\w+|analysts?|executive|president)\b"
)
"""What follows who speaks: "said Oracle on Monday", not "said Oracle would"."""
_BASED = re.compile(
    r"-(?:based|backed|led|owned|listed|born|made|run|funded|controlled|designed|konkurrent\w*|rivale\w*|tochter|töchter|chef\w*|aktie\w*|gründer\w*|mutter|vorstand\w*|manager\w*|eigentümer\w*|kunden?|partner)\b",
    re.IGNORECASE,
)
_TICKER = re.compile(r"[A-Z]{2,5}\.[A-Z]{1,3}")
_QUOTED = re.compile(
    r"\([A-Z.]{1,8}:\s?[^()]{0,30}$|\((?:NYSE|NASDAQ|Nasdaq|LSE|AMEX|TSX|ASX|OTC)\S{0,3}\s?[^()]{0,12}$"
)
_COMPARED = re.compile(
    r"(?<!investors )(?<!backers )\b(?:like|such\sas|as\s(?:varied|diverse|different)\sas|used\sby|likes\sof|"
    r"rivall?ing|unlike|competitors|(?:brands|products|"
    r"customers|clients|users|rivals)\s(?:\w+\s)?include|than|versus|vs\.?|than\sthat\sof|surpass|match|(?:rivals?|competitors?|alternatives?|answer)\sto|(?:compete[sd]?|competing)\s(?:\w+\s)?with|"
    r"(?:supérieure?|inférieure?|superior|inferior)e?s?\s(?:à|a)\s(?:l'|la\s|el\s)?\w+\s(?:de|del|du))\s"
    r"(?:(?:(?:its|the|su|son|sa)\s)?(?:[a-zà-ÿ]+\s){0,2}(?:rivals?|competitors?|peers?|concurrente?|rivale?)\s(?:[a-zà-ÿ]+\s)?)?"
    r"(?:[A-Z][\w.&-]*(?:'s)?(?:,|,?\sand|,?\sor)?\s){0,5}$"
)
"""Named beside the deal's parties, not one of them."""
_NOT_ITSELF = re.compile(
    r"'s?\s(?:former\s|own\s)?(?:owner|parent|maker|boss|chief|founder|chairman|president|CEO|shareholders?|investors|rivals?|"
    r"headquarters|hometown|website)\b|\s(?:(?!(?:from|of|by|with|to|at|and|in|for|as|on|its|the|a|an)\s)\w+\s)?(?:publisher|maker|owner|parent|developer|creator|operator|rival|supplier|partner|competitor|challenger|backer|affiliate|spin-?off)\s(?=[A-Z])|(?:,?\s(?:and\s)?[A-Z]\w+){0,3}\s(?:brands?|name|label|logo)\b"
)
_TRADE = re.compile(
    r"\s(?:[a-z&-]+\s){0,5}(?:giant|(?:\S+)?maker|company|firm|group|retailer|manufacturer|provider|supplier|operator|specialist|"
    r"developer|publisher|chain|start-?up)\s(?=[A-Z])"
)
"""What follows "Network" in "Network equipment giant Cisco"."""
_ADVERB = re.compile(r"\w{4,}ly\s(?:after|before)\s|\w{6,}ly,\s|\w+ly,?$|\w+ed\s(?:by|from|in|to|with|on)\b")
_NO_FIRMS = frozenset(
    (
        "program",
        "programme",
        "initiative",
        "act",
        "prize",
        "conference",
        "award",
        "awards",
        "index",
        "airport",
        "stadium",
    )
)
"""What ends the names of other things than firms."""


_FIRM_BEFORE = re.compile(
    r"\b(?:company|firm|group|giant|\S*maker|bank|retailer|start-?up|chain|operator|subsidiary|carrier|airline|provider|"
    r"supplier|developer|publisher|producer|brewer|insurer|lender|broker|manufacturer|contractor|utility|conglomerate|"
    r"rival|broadcaster|vendor|store|brand|investor)\s$"
)


def is_called_a_firm(before: str) -> bool:
    """ "products group James Hardie": a firm although it has a person's name."""
    return _FIRM_BEFORE.search(before) is not None


_HOLDS_OFFICE = re.compile(
    r",\s(?:the\s|its\s|a\s)?(?:co-?)?(?:founder|chief\s(?:executive|financial|operating|scientist)|CEO|CFO|president|chairman|"
    r"chairwoman|former\s(?!(?:\S+\s){0,2}(?:unit|subsidiary|part|division|arm|state|maker)\b)|director\sof|head\sof|managing\sdirector|vice\spresident|analyst|partner\sat|professor)\b",
)
_HIRED = re.compile(
    r"\b(?:hired|hires|hiring|appointed|appoints|promoted|named|(?:co-?)?founders?|chief\sexecutive(?:\sofficer)?|CEO|chairman|"
    r"president|tycoon|billionaire|veterans?|entrepreneur|spokes(?:man|woman|person))\s$"
)


def is_office_holder(before: str, after: str) -> bool:
    """ "hired Jo Grange", "Jo Grange, founder of Corvale": a person, whatever the name."""
    return _HOLDS_OFFICE.match(after) is not None or _HIRED.search(before) is not None


_DEALT_WITH = re.compile(
    r"\b(?:with|buy|buys|bought|acquires?|acquired|sues?|sued|stake\sin|bid\sfor|offer\sfor|takeover\sof|acquisition\sof|"
    r"services(?:\s\S+){0,4}\sto)\s(?:the\s)?$"
)


def is_dealt_with(before: str) -> bool:
    """ "a contract with the BBC": a medium that is a party for once."""
    return _DEALT_WITH.search(before) is not None


def is_beside(before: str, after: str) -> bool:
    """Whether the name is who reports, a qualifier ("X-based", "X's owner") or a former tie ("ex-X")."""
    if before.endswith(("ex-", "non-", "anti-", "@")):
        return True
    if _ATTRIBUTED.search(before) and not _ORDERED.match(after):
        return True
    if _SPOKE.search(before) and _ENDS.match(after):
        return True
    said = _SAID.match(after) and not _SAID_ITSELF.match(after)
    return bool(said or _BASED.match(after) or _NOT_ITSELF.match(after))


_PLACE_WORDS = frozenset(
    (
        "falls",
        "county",
        "valley",
        "springs",
        "heights",
        "island",
        "islands",
        "peninsula",
        "province",
        "beach",
        "mountains",
    )
)
_BEFORE_PLACE = re.compile(r"([A-Z][\w.]+(?:\s[A-Z]\w+)?),\s$")
_AFTER_PLACE = re.compile(r"(?:,\s|,?\s(?:and|or)\s)([A-Z][\w.]+(?:\s[A-Z]\w+)?)")
_STATE = re.compile(r",\s([A-Z][\w.]+(?:\s[A-Z]\w+)?)(?=[,.;)]|\s-|\s—|$)")


def is_place(name: str, before: str, after: str) -> bool:
    """ "Yuma, Arizona", "New York, Cincinnati and Chicago", "Chippewa Falls"."""
    if name.casefold().rpartition(" ")[2] in _PLACE_WORDS:
        return True
    state = _STATE.match(after)
    if state is not None and state[1].casefold() in PLACES:
        return True
    right = _AFTER_PLACE.match(after)
    left = _BEFORE_PLACE.search(before) if right else None
    return bool(left and right and left[1].casefold() in PLACES and right[1].casefold() in PLACES)


_UNIT = re.compile(r"\s(?:unit|division|arm)\b")
_ARM = re.compile(r"\s(?:[a-z]+\s){1,2}(?:unit|division|arm|practice)\b")
_ITS = re.compile(r"\bits\s$")
_POSSESSED = re.compile(r"(?:'s\s(?:\([^()]{1,20}\)\s)?)$")
""" "Halden's Navigation unit": what the other is made of."""


def is_thing(name: str, before: str, after: str) -> bool:
    """Whether an unknown name is a product, a ticker, something counted, or named only for comparison."""
    if re.fullmatch(r"\d+[A-Z]|[A-Z]{1,4}-?\d[\w.-]*s?|\w*\d{3,}\w*|\d[A-Z]\d+", name) or _TICKER.fullmatch(name):
        return True
    if _QUOTED.search(before) or _COMPARED.search(before) or re.match("系|製", after):
        return True
    if re.search(r"\d\s$", before) and not is_known_company(name.split()[0]):
        return True
    if (
        re.fullmatch(r"[A-Z]{2,}-[a-z]+", name)
        or (_UNIT.match(after) and _POSSESSED.search(before))
        or (_ARM.match(after) and _ITS.search(before))
    ):
        return True
    if is_place(name, before, after) or name.casefold().rpartition(" ")[2] in _NO_FIRMS:
        return True
    if name == "Exchange Commission" and before.endswith("Securities and "):
        return True
    return name.endswith("Securities") and after.startswith(" and Exchange")


_AGENTS = re.compile(r"[A-Z][a-z]{3,}(?:[eo]rs|ists|ants|ions|ments|ings|ities|ness)")


_QUALIFIED = re.compile(
    r"\s(?![a-z]+(?:s|ed)\s)(?:[a-z&-]+\s){1,4}?(?:firm|company|start-?up|group|giant|\S*maker|retailer|manufacturer)\s(?=[A-Z])"
)


def is_where_a_firm_is(after: str) -> bool:
    """ "Waltham data security firm Netegrity": a town, not a party."""
    qualified = _QUALIFIED.match(after)
    return qualified is not None and HEADLINE_CUTS.isdisjoint(qualified.group().split()[:-1])


def is_opener(name: str, after: str) -> bool:
    """Whether a sentence's first word has a capital only from its place: "Network equipment giant Cisco"."""
    trade = _TRADE.match(after)
    if trade is not None and HEADLINE_CUTS.isdisjoint(trade.group().split()):
        return True
    return bool(
        _ADVERB.match(name + after)
        or re.fullmatch(r"[A-Z][a-z]+-[a-z]+", name)
        or (_AGENTS.fullmatch(name) and re.match(r"\s[a-z]", after))
    )
