"""A masked sentence reduced to who does what to whom, so that a frame need not know how news dresses it up.

Left out: brackets, appositions, what a firm is before its name, who said it and when.

    "N, a maker of chips, said on Monday it would buy software firm N (NYSE: ABC) for A"  ->  "N would buy N for A"
"""

import re

from service.domain.facts.foreign_frames import is_foreign

__all__ = ["construction", "main_clause"]

_N = "\ue000-\uefff"
_BRACKET = re.compile(rf"\s?\([^()]{{0,200}}\)|\s?\[[^\[\]{_N}]{{0,80}}\]")
_FULL_STOP = re.compile(rf"(?<=[{_N}])\.(?=,|\s[a-z{_N}])")
"""Of "Corp." and "Inc."."""
_APPOSITION = re.compile(
    rf"(?<=[{_N}]),\s(?:(?:a|an|the|one|which|who|whose|based|of|maker|owner|parent|part|once|formerly|now|already|"
    rf"together|along|majority|led|backed|founded|best|known|itself|No\.|\d\S*|the\s\S+'s|{'[A-Z]'}\w+'s|eine?[rn]?|der|"
    rf"die|le|la|el|un|une)\s)[^{_N}\uf000;,]{{0,110}}(?:,\s(?=\S)|,(?=\s)|$)"
)
_UNIT_OF = re.compile(
    rf"(?<=[{_N}]),\s(?:(?:an?|the)\s(?:[\w-]+\s){{0,3}}?(?:unit|subsidiary|division|arm|affiliate|brand|part)\sof\s[{_N}]"
    rf"|[{_N}]'s?\s[^{_N}\uf000;,]{{3,60}})(?:,(?=\s)|(?=\.?$))"
)
""" "N, a unit of M," and "N, M's supplier,": what M is to N, no part of M's."""
_ASIDE = re.compile(r"\s?--?\s[^-;\ue000-\uf000]{3,110}\s--?(?=\s)")
_BETWEEN_DASHES = re.compile(
    r"\s--?\s(?:a|an|the|which|who|whose|one|including|once|formerly|along)\s[^;\uf000]{3,160}?\s--?(?=\s)"
)
_SUBJECT = re.compile(
    rf"(?<=[{_N}]),\s(?:an?|the)\s[^;\uf000]{{3,240}}?,\s"
    r"(?=(?:(?:has|had|have|will|would|is|was|also|just|recently|today|now|to|set|plans?|aims?|working|looking|seeking|trying|planning|preparing|expected|due)\s){0,4}"
    r"(?:rais(?:e[sd]?|ing)|secure[sd]?|announce[sd]?|agree[sd]?|bought|buy(?:s|ing)?|acquir(?:e[sd]?|ing)|land(?:s|ed)|clos(?:e[sd]?|ing)|"
    r"sign(?:s|ed)|won|wins|sold|sells?|invest(?:s|ed|ing)?|sue[sd])\b)"
)
"""What the subject is, other names and commas included, up to the verb of a deal."""
_VIA = re.compile(r",\s(?:a\stravés\sde|par\sl'intermédiaire\sd|via|through|por\smedio\sde)[^;\uf000]{3,120}?,(?=\s)")
_KNOWN_AS = re.compile(rf",?\s(?:formerly|once|previously|also)\sknown\sas\s[{_N}](?=[,.;]|$)")
_CITY_BASED = re.compile(r"(?:[A-Z][\w.]+(?:\s[A-Z]\w+)?,\s)?\b[A-Z][\w.]+(?:\s[A-Z]\w+)?-based\s(?:and\s\S+\s)?")
_BASED_IN = re.compile(rf"(?<=[{_N}]),\s(?:also\s)?based\sin\s[^;\uf000]{{3,60}}?,(?=\s[a-z]{{3,}}\s)")
_WHICH = re.compile(r",\s(?:which|who)\s[^,;\uf000]{3,120},(?=\s(?:to|for|from|in)\s)")
_ABROAD_SUBJECT = re.compile(
    rf"(?<=[{_N}]),\s(?:[a-zà-ÿ]{{3,}}|une?|el|la|le|l'\w+)\s[^;\uf000]{{3,240}}?,\s"
    r"(?=(?:ha|han|a|ont|hat|haben)\s\w+(?:do|é|is|t|en|ito|ato)\b|(?:anunci|annonc|compr|adquir|adquier|rach|lèv|vend|kauf|übernimm|übernahm|erwarb|erwirb|recort|cerr|firm)\w*)"
)
_OWNED = re.compile(rf",?\s(?:jointly\s)?(?:owned|controlled)\sby\s[{_N}](?:(?:,?\sand\s|,\s)[{_N}])*")
_PRESENTED = re.compile(
    rf"\b(compan(?:y|ies)|firm|giant|group|rival|partner|subsidiary|unit|distributor|supplier|operator|provider|bank|retailer|\w*maker),\s([{_N}])(?:,|(?=\.))"
)
_RELATIVE = re.compile(
    rf",\s(?:which|who|whose|(?:co-)?founded|backed|owned|known|started|launched|established|seeking|looking|hoping|aiming|facing)\s(?![{_N}]\s(?:had|has|bought))"
    r"[^;\uf000]{3,200}?,\s(?=(?:recently\s|also\s|today\s|now\s)?(?:has|have|had|is|was|will|would|raise[sd]|said|agree[sd]|"
    r"bought|acquire[sd]|announce[sd]|sign(?:s|ed)|plans?|secure[sd])\b)"
)
"""What is said of a name between commas, other names included, up to the sentence's verb."""
_TIME = (
    r"(?:on\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:\s(?:morning|afternoon|evening|night))?|yesterday|today|"
    r"(?:this|last)\s(?:week|month|year|morning)|late\s(?:on\s)?\w+day|in\sa\s(?:statement|filing|blog\spost)"
)
_SAID_IT = re.compile(
    rf"\s(?:(?:has|had|have)\s)?(?:also\s)?(?:said|says?|announced|announces|confirmed|disclosed|revealed|declared)"
    rf"(?:,?\s(?:{_TIME})){{0,2}},?\s(?:that\s)?(?:(?:it|they|he|she|the\scompany|the\sfirm)\b|(?=plans?\b))",
    re.IGNORECASE,
)
_WHEN = re.compile(rf"(?<=\w)\s(?:{_TIME})(?=\s(?!'s))", re.IGNORECASE)
_WHEN_NAME = re.compile(rf"(?<=[{_N}])\s(?:{_TIME})(?=\s)", re.IGNORECASE)
_FIRM = (
    "compan(?:y|ies)|firms?|group|giants?|makers?|\\S+maker|banks?|retailers?|start-?ups?|startups?|rivals?|chains?|"
    "operators?|units?|subsidiary|subsidiaries|arm|division|carriers?|airlines?|providers?|suppliers?|developers?|"
    "publishers?|sites?|producers?|brewers?|insurers?|lenders?|brokers?|brokerages?|manufacturers?|"
    "specialists?|contractors?|utility|utilities|hedge\\sfund|conglomerate|"
    "outfit|investors?|backers?|business(?:es)?|platforms?|services?|brands?|schemes?|apps?|networks?|fintech|biotech|studio|"
    "agency|exchange|marketplace|portal|dealer|distributor|trader|miner|refiner|consultancy|\\S+packer|"
    "competitors?|peers?|(?:hedge|investment|pension|venture|wealth)\\sfunds?|owners?|parent|broadcaster|vendors?|builders?|Konzern|Firma|"
    "Unternehmen|Hersteller|Anbieter|Rivale[n]?"
)
_WHAT_IT_IS = re.compile(
    rf"(?<![\w{_N}])(?:(?:its|the|an?|their|his|fellow|der|den|die|das|dem)\s)?"
    rf"(?:[\w&.'-]+\s(?:and\s)?){{0,8}}?(?:{_FIRM})\s(?=[{_N}])"
)
_TRADE = re.compile(rf"(?:{_FIRM})\s[{_N}]")
"""What _WHAT_IT_IS ends with: cheaper to ask for."""
_RIVAL = re.compile(
    rf"(?<=\s)(?:(?:the|its|their|an?)\s)?(?:US|U\.S\.|UK|[A-Z]\w+(?:ese|ish|an|ch)|rival|smaller|larger|troubled|"
    rf"struggling|existing|current|new|other|returning|earlier|previous|prior|longtime|newly\s\w+|privately\sheld|bankrupt|ailing|fellow|\w+-based|\w+-listed|\w+-owned)\s(?=[{_N}])"
)
_PLACES = re.compile(rf"(?:[A-Z][a-z]+\s)?[A-Z][a-z]+'s\s(?=[{_N}])")
"""What is left of capitals before a name is where it is: "South Korea's N"."""
_THE = re.compile(rf"\b(?:the|The|la|die)\s(?=[{_N}])")
_ABROAD = re.compile(
    rf"\b(?P<before>à\s|de\s|chez\s|a\s)?(?P<det>l'|la\s|le\s|el\s|il\s|au\s|du\s|al\s|del\s|son\s|sa\s|su\s|o\s)"
    rf"(?:(?!(?:de|para|por|con|compra|venta|rachat|vente|cession|acquisition|adquisición|offre|oferta|par|pour|avec)\s)[a-zà-ÿ-]{{3,}}\s){{1,4}}(?=[{_N}])"
)
""""le groupe finlandais N", "la británica N", "au producteur N"."""
_AT = {"au ": "à ", "du ": "de ", "al ": "a ", "del ": "de "}
_VERB_WORD = re.compile(
    r"\b(?:to|of|for|in|on|by|with|from|(?<!- )and|buy\w*|bought|(?!listed|based|backed|owned|held|branded|"
    r"automated|limited|united)\w+ed|(?:acquir|buy|purchas|sell|join|includ|su|merg|back|beat|fund|lead|own|"
    r"financ|pay|hir|mak|supply|giv)ing|buys|orders?|sues?|fines?|pays?|joins?|names?|sell\w*|sold|acquir\w*|"
    r"says?|said|will|would|has|have|had|(?<=to )(?:supply|provide|equip|pay|sue|join|fund|back|lend|finance)|"
    r"over|with|at|a|an|the|its|as|übern\w+|kauf\w*|erw[aiu]rb\w*|der|die|das|den|dem|im|am|für|von|und|hat|haben|hatte|will|mit|beim?|zum?|zur|"
    r"achète|rachète|compra|compró|adquiere|adquirió|acquiert|de|la|le|el|por|para|con|por|à)\s",
    re.IGNORECASE,
)


def construction(masked: str) -> str:
    """``masked`` with the same private characters and fewer words; at most as long. Linear."""
    text = _BRACKET.sub("", masked) if "(" in masked or "[" in masked else masked
    text = _FULL_STOP.sub("", text)
    if "-based " in text:
        text = _CITY_BASED.sub("", text)
    if "ed by " in text:
        text = _OWNED.sub("", text)
    if ", " in text:
        text = _without_asides(text)
    if " -" in text:
        text = _BETWEEN_DASHES.sub("", _ASIDE.sub("", text))
    text = _SAID_IT.sub("", _RELATIVE.sub(" ", text))
    text = _WHEN_NAME.sub("", _WHEN.sub("", text))
    if _TRADE.search(text):
        text = _WHAT_IT_IS.sub(_only_what_it_is, text)
    if is_foreign(text):
        text = _ABROAD.sub(lambda match: (match["before"] or "") + _AT.get(match["det"], ""), text)
    if "'s " in text:
        text = _PLACES.sub("", text)
    return _THE.sub("", _RIVAL.sub("", text))


def _without_asides(text: str) -> str:
    """Without what stands between commas: where a firm is, what it was called, what it makes, through whom it acts."""
    text = _WHICH.sub("", _BASED_IN.sub("", _KNOWN_AS.sub("", text)))
    text = _UNIT_OF.sub("", text)
    text = _VIA.sub("", _PRESENTED.sub(r"\1 \2", text))
    if is_foreign(text):
        text = _ABROAD_SUBJECT.sub(" ", text)
    return _APPOSITION.sub(" ", _SUBJECT.sub(" ", text))


_INTRODUCTION = re.compile(
    r"^\W*(?:Rather|Instead|As|While|After|Although|Though|When|Since|Because|Before|Once|Despite|Amid|Unlike|With)\s[^\uf000,]{3,120},\s"
    r"(?=[^,;]{0,160}\uf000|[^\uf000]*$)"
)


_ADDED = re.compile(r",\s(?:which|who)\s(?:has\s|had\s)?(?:previously\s)?raised\s[^,]{3,80}$")


def main_clause(masked: str) -> str:
    """What stands behind "As a bid by N rumbles on," where any amount does; else all of it."""
    match = _INTRODUCTION.match(masked)
    main = masked[match.end() :] if match else masked
    added = _ADDED.search(main)
    return main[: added.start()] if added and "\uf000" in main[: added.start()] else main


def _only_what_it_is(match: re.Match[str]) -> str:
    """The words before "firm" back to the last that belongs to the sentence: "to buy | software firm N"."""
    said = list(_VERB_WORD.finditer(match.group()))
    kept = match.group()[: said[-1].end()] if said else ""
    return re.sub(r"\b(?:an?|the|its|their)\s$", "", kept, flags=re.IGNORECASE)
