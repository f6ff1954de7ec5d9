"""Frames of the languages that the table of ``frames`` hardly speaks: a verb's place and its prepositions differ.

They are asked first, and only where a word of such a language stands in the sentence.
"""

import re

from service.domain.facts.fact import Kind
from service.domain.facts.frame_parts import JOINT, PARTY, Frame

__all__ = ["FOREIGN_FRAMES", "is_foreign"]

_FOREIGN = re.compile(
    r"(?<!\w)(?:der|die|das|den|dem|für|von|le|la|les|du|des|une?|l'|el|los|del|por|il|dello?|della|os|da|het|een)(?!\w)|[à-öø-ÿ]"
)
_JOINT = rf"(?:{JOINT}(?:d'|de\sla\s|de\s)?)"
_NP = rf"[^{PARTY};]{{0,90}}?"
_NEAR = rf"[^{PARTY};]{{0,40}}?"


def _g(role: str) -> str:
    return rf"(?P<{role}>[{PARTY}](?:{_JOINT}[{PARTY}])*)"


_TO_BUY = r"(?:übernehmen|übernommen|kaufen|gekauft|erwerben|erworben|schlucken|geschluckt)"
_BUYS = (
    r"(?:kaufte|übernahm|erwarb|schluckte|kauft|übernimmt|schluckt|bietet|bot|(?:be)?zahlte|(?:be)?zahlt|blättert|"
    r"compr\w+|adquir\w+|adquier\w+|acquist\w+|acquisi\w+|rach[eè]t\w+|ach[eè]t\w+|acqu[iée]\w+|absorb\w+|repren\w+|repris)"
)
_SELLS = r"(?:verkauf\w+|veräußer\w+|vend\w+|c[éè]d\w+|ced\w+)"
_SALE = (
    r"(?:acquisition|rachat|reprise|compra|adquisición|aquisição|acquisizione|acquisto|venta|vente|cession|venda|vendita|"
    r"overname|übernahme|kauf|verkauf)"
)
_OF = r"(?:d'|de|du|des|del|della|dello|dell'|da|do|di|von|van|der|des)\s?(?:l'|la\s|el\s|le\s|los\s)?"
_WHAT = r"(?:[a-zà-ÿ-]+\s){0,3}"
""""grupo vasco de servicios" before the name."""
_BY = r"(?:por\sparte\sde|par|por|pel[ao]|da\sparte\sdi|durch|door)\s(?:l'|la\s|el\s|le\s|die\s|den\s)?"
FOREIGN_FRAMES: tuple[Frame, ...] = (
    ((Kind.ACQUISITION,), rf"\b{_SALE}\b{_NEAR}\b{_OF}{_WHAT}{_g('target')}{_NEAR}\b{_BY}{_g('buyer')}"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}{_NP}\b(?:will|wollen|möchte|wollte|hat|haben|hatte|darf|kann|wird|würde|plant)\b"
        rf"{_NP}{_g('target')}{_NP}\b{_TO_BUY}\b",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}{_NP}\b{_BUYS}\b{_NEAR}\s(?:a|à|al|au|alla|von|vom|van)\s{_g('seller')}(?:\s{_g('target')})?",
    ),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}{_NP}\b{_BUYS}\b{_NP}{_g('target')}"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('seller')}{_NP}\bnégociations?\s\w+\savec\s{_WHAT}{_g('buyer')}{_NP}"
        rf"\b(?:céder|vendre|vente|cession)\b(?:{_NP}{_g('target')})?",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('seller')}{_NEAR}\b(?:negoci|négoci|trat)\w+\s(?:con|avec|com)\s{_WHAT}{_g('buyer')}{_NP}\b(?:venta|vente|cession|venda|vendita|"
        rf"vender|vendre|céder|ceder)\b",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}{_NEAR}\b(?:negoci|négoci|trat)\w+\s(?:con|avec|com)\s{_WHAT}{_g('seller')}{_NP}\b(?:compra|achat|rachat|acquisition|"
        rf"acquisto|comprar|acheter|racheter)\b",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}{_NP}\b(?:oferta|offre|offerta|opa|ope)\b{_NEAR}\s(?:por|sur|pour|su|sobre|per)\s{_WHAT}{_g('target')}",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('seller')}{_NP}\bverk[aä]uf\w*\b{_NEAR}\b(?:beteiligung|anteil\w*|aktien\w*)\s(?:an|in)\s(?:der\s|dem\s)?{_g('target')}",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('seller')}{_NP}\bverhand\w+\b{_NP}\bmit\s{_NEAR}{_g('buyer')}{_NP}\bverkauf\b(?:{_NP}{_g('target')})?",
    ),
    ((Kind.ACQUISITION,), rf"\bübernommen\s(?:hat|hatte)\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"\b(?:hat|hatte)\s{_NEAR}{_g('buyer')}{_NP}{_g('target')}{_NP}\b{_TO_BUY}\b"),
    ((Kind.ACQUISITION,), rf"\b(?:kaufte|übernahm|erwarb|schluckte)\s{_NEAR}{_g('buyer')}{_NP}{_g('target')}"),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}{_NP}\bgreift\b{_NP}\snach\s{_NEAR}{_g('target')}"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('seller')}{_NP}\b{_SELLS}\b{_NP}\s(?:à|a|au|aux|al|alla|an|aan)\s(?:l'|la\s|die\s|den\s|das\s)?{_g('buyer')}",
    ),
    (
        (Kind.ACQUISITION,),
        rf"\bverkaufte\s{_NEAR}{_g('seller')}{_NP}\san\s{_NEAR}{_g('buyer')}",
    ),
    (
        (Kind.ACQUISITION,),
        rf"\b{_SELLS}\b{_NP}\b{_OF}{_g('target')}{_NP}\s(?:à|a|au|aux|al|an|aan)\s{_NEAR}{_g('buyer')}",
    ),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}{_NP}\b{_SALE}\b{_NP}\b{_OF}{_WHAT}{_g('target')}"),
    ((Kind.ACQUISITION,), rf"{_g('seller')}{_NP}\b{_SELLS}\b{_NP}\b{_OF}{_WHAT}{_g('target')}"),
    ((Kind.ACQUISITION,), rf"{_g('target')}{_NP}\breçu\b{_NP}\boffre\b{_NP}\b{_OF}{_WHAT}{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"\b(?:opa|ope|offre)\b{_NEAR}\b{_OF}{_g('buyer')}\ssur\s{_WHAT}{_g('target')}"),
    ((Kind.ACQUISITION,), rf"\b(?:offre|oferta|offerta|opa)\b{_NEAR}\s(?:à|a|sur|sobre|su)\s(?:la\s)?{_g('target')}"),
    ((Kind.CONTRACT,), rf"{_g('supplier')}{_NP}\b(?:von|vom|der|des)\s{_NEAR}{_g('buyer')}{_NP}auftr[aä]g"),
    (
        (Kind.CONTRACT,),
        rf"{_g('supplier')}{_NP}\b(?:gana|ganó|remporte|remporté|décroche|décroché|vince|vinto|fournira|livrera|suministrará)\b",
    ),
    (
        (Kind.FUNDING,),
        rf"{_g('target')}{_NP}\b(?:levé|lève|récolt\w+|bouclé|boucle|levantó|levanta|capt[aó]|raccolto|raccoglie)\b",
    ),
    (
        (Kind.INVESTMENT,),
        rf"{_g('investor')}{_NP}\b(?:bei|beim)\s{_NEAR}{_g('target')}{_NP}\b(?:eingestiegen|einsteigen|ein)\b",
    ),
    (
        (Kind.INVESTMENT,),
        rf"{_g('investor')}{_NP}\binvestier\w+\b{_NP}\sin\s(?:das|die|den|dem)?\s?{_WHAT}{_g('target')}",
    ),
    ((Kind.FUNDING,), rf"{_g('target')}{_NP}\bsamm\w+\b(?:{_NP}\b(?:bei|von)\s{_g('investor')})?"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('target')}{_NP}\blehn\w+\b{_NP}\b(?:angebot|offerte|gebot|avancen)\w*\b{_NEAR}\b(?:der|des|von|vom)\s{_g('buyer')}",
    ),
    ((Kind.FUNDING,), rf"\bauprès\s(?:de\s|d'|du\s)(?:la\s)?{_g('investor')}"),
)


def is_foreign(masked: str) -> bool:
    """Whether the sentence, in small letters, has an article or a preposition of such a language."""
    return _FOREIGN.search(masked) is not None
