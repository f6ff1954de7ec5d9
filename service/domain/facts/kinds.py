"""Of which kind a deal is: cue words with weights, the strongest wins.

A cue of weight 2 or more makes a deal of a sentence even without an amount; weaker ones ("bid", "project") need one.
"""

import re
from collections.abc import Iterable
from functools import cache

from service.domain.facts.fact import Kind

__all__ = ["Cue", "has_cue", "kind_of", "words_of"]

Cue = tuple[Kind, float]


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ORDER = (
    Kind.LAWSUIT,
    Kind.LEASE,
    Kind.FUNDING,
    Kind.ACQUISITION,
    Kind.INVESTMENT,
    Kind.CONTRACT,
    Kind.DEAL,
)
"""Which kind wins among equals."""

_CUES: tuple[tuple[Kind, float, str], ...] = (
    (Kind.LAWSUIT, 3, """sue sues sued suing lawsuit lawsuits jury plaintiff defendant verdict fined litigation
        klage klagt verklagt verklagen klagte plainte procès demandó demandado demandar juicio querella processou
        rechtszaak klaagt aangeklaagd boete geldbuße bußgeld amende multa"""),
    (Kind.LAWSUIT, 2, """suit claim damages settlement settlements settled settles settle court judge complaint
    gericht urteil
        justice tribunal tribunale causa citato rechter schikking vergleich infringement"""),
    (Kind.LAWSUIT, 1.6, "case"),
    (Kind.LEASE, 3, """lease leases leased leasing rent rents rented renting rental mietet miete mietvertrag mieten
        pacht loue louer bail location alquiler alquila arrendamiento aluguel arrendamento affitto noleggio affittare
        huur huurt huren huurcontract"""),
    (Kind.FUNDING, 3, """borrow borrows borrowed borrowing funding loan loans lend lends lent lending fundraising
    finanzierungsrunde kredit darlehen
        anleihe eingesammelt prêt emprunt préstamo empréstimo prestito lening leent leende krediet financing levée
        financiación financiamento finanziamento financiering financieringsronde"""),
    (Kind.FUNDING, 2, """raise raises raised raising round series seed credit notes bonds bond ipo lève levé lever tour
        ronda captó levantó obtuvo rodada captou raccolto ronde capitalraise opgehaald"""),
    (Kind.ACQUISITION, 3, """acquire acquires acquired acquiring acquisition acquisitions takeover merger merge merges
        merged buyout übernimmt übernahme übernehmen übernommen fusion fusionieren erwirbt erwerben rachat rachète
        racheter racheté acquérir acquiert adquirió adquirir adquisición adquiere fusión adquiriu adquire aquisição
        fusão acquisizione acquisisce acquisito fusione overname overgenomen fusie opa"""),
    (Kind.ACQUISITION, 2.5, """buy buys bought buying kauf kauft kaufen gekauft kaufte achat achète compra comprar
        compró comprou acquista acquisto acquistato acquistare koopt kocht gekocht"""),
    (Kind.ACQUISITION, 2, """purchase purchased purchases sale sell sells sold selling divest divests verkauf verkauft
        verkaufen vend vendre vente céder cède cession venta vender vende vendió venda vendeu offload offloads offloaded offloading unload unloads unloaded vendita venduto verkoop
        verkoopt verkocht kopen"""),
    (Kind.ACQUISITION, 1.3, "stake offer offered offers beteiligung participation participación bid"),
    (Kind.INVESTMENT, 3, """invest invests invested investing investment investments investiert investieren
        investition investitionen investir investira investit investissement investissements invertir invertirá
        invierte invirtió inversión investimento investiu investe investirà investire investeert investeren
        investering"""),
    (Kind.INVESTMENT, 1.5, "spend spends spending project"),
    (Kind.CONTRACT, 2.2, """contract contracts supply supplies supplied tender outsourcing auftrag aufträge
        liefervertrag lieferung liefert ausschreibung zuschlag contrat contrats fourniture contrato contratos
        licitación suministro licitação fornecimento contratto contratti commessa fornitura appalto opdracht levering
        vertrag verträge contractueel contracted"""),
    (Kind.CONTRACT, 2.1, "outbid"),
    (Kind.CONTRACT, 1.5, """order orders selected awarded awards subcontract ordered bestellung commande pedido
    encomenda
        ordine bestelling"""),
    (Kind.DEAL, 2, """deal deals agreement agreements partnership pact accord vereinbarung abkommen partnerschaft
        kooperation geschäft partenariat acuerdo alianza acordo parceria accordo overeenkomst akkoord transaction
        tie-up"""),
    (Kind.DEAL, 1.2, "talks negotiations plan plans bid gespräche verhandelt verhandlungen"),
)  # fmt: skip
_SUFFIXES: tuple[tuple[str, Kind, float], ...] = (
    ("mietvertrag", Kind.LEASE, 3),
    ("vertrag", Kind.CONTRACT, 2.2),
    ("auftrag", Kind.CONTRACT, 2.2),
    ("kredit", Kind.FUNDING, 3),
    ("übernahme", Kind.ACQUISITION, 3),
    ("klage", Kind.LAWSUIT, 3),
)
"""German compounds end with what they are."""
_ENDINGS = tuple(suffix for suffix, _, _ in _SUFFIXES)
_CJK_CUES: tuple[tuple[Kind, float, str], ...] = (
    (Kind.LAWSUIT, 3, "提訴|訴訟|判決|和解金|起诉|诉讼|索赔|判决|罚款|소송|고소|제소"),
    (Kind.LEASE, 3, "賃借|賃貸|リース|レンタル|租赁|租用|임대|임차"),
    (Kind.FUNDING, 3, "融資|資金調達|調達|融资|贷款|募资|领投|대출|조달|유치"),
    (Kind.ACQUISITION, 3, "買収|合併|売却|株式を取得|收购|并购|合并|出售|인수|합병|매각"),
    (Kind.INVESTMENT, 3, "投資|出資|投资|入股|투자"),
    (Kind.CONTRACT, 2.2, "契約|受注|発注|供給|合同|订单|中标|采购|供应|계약|수주|납품|공급"),
    (Kind.DEAL, 2, "提携|合意|協議|协议|合作|협약|제휴|합의"),
)
_COMPOUND = 8
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_CJK_ANY = re.compile("|".join(words for _, _, words in _CJK_CUES))
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_PRICE_FIRST = re.compile(r"\W{0,3}[$€£]\s?\d[\d.,]*\s?(?:[mb]illion|bn|[mMB])\b\s(?:for|pour|für)\s")
"""A headline without a verb: "$22 million for Marlow Falls"."""
_NO_ROUND = re.compile(
    r"\b(?:rais\w*|lift\w*|boost\w*)\s(?:\S+\s){0,3}(?:targets?|forecasts?|guidance|outlook|ratings?|dividends?|"
    r"prices?|estimates?|questions?|concerns?|doubts?|awareness|eyebrows)\b",
)
_GOODS = re.compile(
    r"\b(?:buy|buys|bought|buying|sell|sells|sold|selling|purchase[sd]?)\s(?:\S+\s){0,6}?"
    r"(?:chips?|servers?|gpus?|racks?|systems?|units|equipment|hardware|electricity|power|processors|machines|"
    r"[hab]\d{3}s?|gb\d{3}s?)\b"
    r"|\b(?:equipment|hardware|gear|machines|servers|chips|gpus|processors)\s(?:\S+\s){0,3}?"
    r"(?:bought|sold|purchased)\b"
)
"""Goods change hands, not firms: a contract."""
_PHRASES: tuple[tuple[Kind, float, re.Pattern[str]], ...] = (
    (Kind.ACQUISITION, 3, re.compile(r"\b(?:take|takes|took|taking)\sover\b|\bneemt\b.{0,80}\bover\b")),
    (
        Kind.ACQUISITION,
        2.2,
        re.compile(
            r"\b(?:pay|pays|paid|paying|spend|spends|spent|spending|shell(?:s|ed)\sout)\s(?:an\s)?\uf000[^.;]{0,20}?\sfor\s"
            r"(?:the\s)?[\ue000-\uefff]",
        ),
    ),
    (
        Kind.ACQUISITION,
        2.5,
        re.compile(
            r"\b(?:pay|pays|paid|paying|spend|spends|spent)\s\uf000[^.;]{0,20}?\sfor\s(?:an?|its|the|his)\s(?:\S+\s){0,3}?"
            r"(?:stake|interest|unit|business|division|subsidiary|arm|chain|majority)\b",
        ),
    ),
    (Kind.FUNDING, 3.2, re.compile(r"\b(?:has\s)?(?:raises?|raised|raising)\s\uf000")),
    (
        Kind.FUNDING,
        2,
        re.compile(
            r"[\ue000-\uefff](?:\s(?:has|have))?\s(?:secure[sd]?|bag(?:s|ged)|nab(?:s|bed)|snag(?:s|ged)|haul(?:s|ed)\sin|"
            r"pull(?:s|ed)\sin|scoop(?:s|ed)(?:\sup)?|closes\son|closed\son)\s\uf000(?!\s(?:\S+\s){0,4}(?:contract|order|deal|lease))",
        ),
    ),
    (Kind.CONTRACT, 2.3, re.compile(r"\border(?:s|ed)\s(?!\S+\sto\s)[^.;]{3,60}\sfrom\s")),
    (
        Kind.LAWSUIT,
        2.2,
        re.compile(
            r"\b(?:pay|pays|paid|paying)\s(?:out\s)?\uf000\s(?:\([^()]{1,20}\)\s)?(?:in\s(?:compensation|damages|restitution)|"
            r"to\s(?:\S+\s){0,2}(?:victims|survivors|claimants|plaintiffs))\b",
        ),
    ),
    (Kind.CONTRACT, 1.5, re.compile(r"\b(?:pay|pays|paid|paying)\s[\ue000-\uefff]\s\uf000")),
    (
        Kind.LAWSUIT,
        2.2,
        re.compile(r"\b(?:pay|pays|paid|paying)\b[^.;]{0,60}\bto\s(?:settle|end|resolve)\b"),
    ),
    (Kind.LAWSUIT, 2.2, re.compile(r"\bmust\spay\b|\bordered\b.{0,40}\bto\spay\b")),
    (
        Kind.LAWSUIT,
        2.2,
        re.compile(
            r"\bfines?\s(?:of|from|by|against)\b|\b(?:pays?|paid|\uf000)\s(?:\S+\s){0,3}fines?\b|\bpenalt(?:y|ies)\sof\b",
        ),
    ),
    (Kind.ACQUISITION, 2.1, re.compile(r"\b(?:bid|offer)\s(?:of\s\uf000\s)?for\s[\ue000-\uefff]")),
    (Kind.CONTRACT, 2.1, re.compile(r"\bbid\b.{0,100}\bunsuccessful\b")),
    (Kind.INVESTMENT, 2, re.compile(r"^\W{0,3}\uf000\sfor\s[a-z\ue000-\uefff]")),
    (
        Kind.FUNDING,
        2.5,
        re.compile(r"\b(?:public\soffering|rights\sissue|(?:share|stock|bond)\s(?:sale|offering))\b"),
    ),
    (Kind.FUNDING, 2.5, re.compile(r"\bto\sfund\b")),
    (Kind.FUNDING, 2.5, re.compile(r"\bréuni\w*\s(?:\S+\s)?[\d\uf000]")),
    (Kind.ACQUISITION, 3, re.compile(r"\b(?:tak(?:e|es|en|ing)|took|go(?:es|ing)?)\s(?:[\ue000-\uefff]\s)?private\b")),
    (Kind.FUNDING, 2.5, re.compile(r"\b(?:clos\w+|wraps?\sup|wrapped\sup)\s(?:[^\s.;]+\s){1,6}fund\s(?:with|at|on)\s\uf000")),
    (Kind.ACQUISITION, 3, re.compile(r"\btender\soffer|\bhostile\b")),
    (Kind.ACQUISITION, 2.5, re.compile(r"\b(?:at|for)\s[\uf000]\s(?:a|per)\sshare")),
)
_PHRASE_WORDS = _split(
    """take takes took taking taken go goes going closes closed wraps wrapped neemt pay pays paid paying fund réuni hostile share fine fines penalty spent offering
    shelled secure     secures secured bags bagged nabs nabbed snags snagged hauls hauled pulls pulled scoops scooped"""
)
_FOR_A_STAKE = re.compile(r"\b(?:in return|in exchange) for\b[^.;]{0,30}\bstake\b")
_BUYBACK = re.compile(r"\bbuy(?:s|ing)?[ -]?backs?\b|\bbought back\b|\brepurchas")
"""A firm and its own shares: nobody deals with anybody."""
_NOTICE = re.compile(
    r"\b(?:law firm|law offices?|llp|(?:investor|shareholder) alert)\b[^\n]{0,200}\b(?:remind|encourage|urge|alert|"
    r"notif(?:y|ie)|announce|investigat)(?:s|es|ed|ing)?\b|\blead plaintiff\b|"
    r"\b(?:reminds|encourages|urges|alerts) (?:\S+ )?(?:investors|shareholders)\b",
)
"""A law firm looking for clients: no suit that a firm reports."""
_PRIVATE = re.compile(r"\bI\s(?:\w+\s)?(?:bought|sold|paid|buy|sell|purchased|ordered|rent|rented|spent)\b")
"""A person's own purchases."""
_NO_DEAL = re.compile(
    r"\b(?:(?:stocks?|shares) to (?:buy|sell)\b|sells? for\b|"
    r"offer(?:s|ed|ing) (?!(?:to|for|of|from|by|at|about|more|up|as|some|nearly|over|around|cash|an?|its|the|"
    r"shareholders|investors)\b)(?=[a-z])|(?:to|and) claim (?:the|its|a|his|her|their)\b|"
    r"offer(?:s|ed|ing)? to (?!(?:buy|acquire|sell|purchase|take|merge|pay)\b)|investment (?:bank\w*|"
    r"compan\w+|firms?|funds?|groups?|houses?|trusts?|manage\w+|advis\w+|grade|arms?|vehicles?|communit\w+)|"
    r"fixed investment|(?:mortgage|gross|consumer|home) (?:lending|loans?)|"
    r"in (?:an?|the) (?:\w+ )?bid to|in order to|"
    r"rais(?:e[sd]?|ing) (?:the |its |their |a )?(?:risks?|prospects?|possibility|fears?|hopes?|bar|issues?|"
    r"spectre|alarm|fares?|"
    r"rates?|taxes|output|production|wages|fees|stakes|offer|bid)|"
    r"in (?:this|that|any|which|either) case|money supply|power supply|"
    r"(?:new|short|ample|oil|tight) supply|supply (?:and demand|chains?|of (?:oil|crude|bonds))|"
    r"credit (?:cards?|ratings?|markets?|"
    r"unions?)|(?:tv|world|web|video) series|(?:bonds?|credit|stock) (?:yields?|markets?|prices?|traders?)|great deal|"
    r"federal funds|hedge funds?|court order|executive order|gag order|pre-?orders?|on sale|sale prices?|"
    r"(?:retail|car|home|house|vehicle|same-store) sales?|sell-?off|sold out|selling points?|best-?selling|"
    r"share purchase|(?:sold|raised?|raising) (?:concerns|questions|doubts))\b",
)
"""Phrases whose words are cues elsewhere."""
_GEAR = re.compile(r"\b(?:servers?|gear|racks|equipment|hardware|gpus?|chips|computing capacity)\b")


@cache
def _by_word() -> dict[str, Cue]:
    found: dict[str, Cue] = {}
    for kind, weight, words in _CUES:
        for word in words.split():
            if word not in found or found[word][1] < weight:
                found[word] = (kind, weight)
    return found


@cache
def _gate() -> frozenset[str]:
    return frozenset(_by_word()) | _PHRASE_WORDS


def words_of(text: str) -> list[str]:
    """The words in small letters; a hyphened word also by its last part ("cloud-deal")."""
    return _WORD.findall(text.casefold())


def has_cue(text: str) -> bool:
    """Whether the sentence may tell of a deal at all: the quick question, asked of every sentence."""
    words = words_of(text)
    if not _gate().isdisjoint(words) or any(len(word) > _COMPOUND and word.endswith(_ENDINGS) for word in words):
        return True
    if _PRICE_FIRST.match(text):
        return True
    return _CJK.search(text) is not None and _CJK_ANY.search(text) is not None


def kind_of(text: str) -> Cue | None:
    """The kind of deal that a sentence tells of, with the cue's weight; None for none."""
    if _PRIVATE.search(text):
        return None
    small = text.lower()  # much quicker than patterns that ignore case
    if _BUYBACK.search(small) or _NOTICE.search(small):
        return None
    small = _NO_DEAL.sub(" ", small)
    weights: dict[Kind, float] = {}
    for kind, weight in _found(small):
        weights[kind] = max(weight, weights.get(kind, 0))
    if Kind.FUNDING in weights and _NO_ROUND.search(small):
        del weights[Kind.FUNDING]
    if Kind.ACQUISITION in weights and _GOODS.search(small):
        weights[Kind.CONTRACT] = max(weights.pop(Kind.ACQUISITION), weights.get(Kind.CONTRACT, 0))
    if _FOR_A_STAKE.search(small):
        weights[Kind.INVESTMENT] = 3
    if not weights:
        return None
    if max(weights, key=lambda k: weights[k]) is Kind.DEAL and _GEAR.search(small):
        weights[Kind.CONTRACT] = weights[Kind.DEAL]
    kind = max(weights, key=lambda k: (weights[k], -_ORDER.index(k)))
    return kind, weights[kind]


def _found(text: str) -> Iterable[Cue]:
    cues = _by_word()
    for word in words_of(text):
        cue = cues.get(word) or cues.get(word.rpartition("-")[2])
        if cue is not None:
            yield cue
        elif word.endswith(_ENDINGS):
            yield next((kind, weight) for suffix, kind, weight in _SUFFIXES if word.endswith(suffix))
    for kind, weight, phrase in _PHRASES:
        if phrase.search(text):
            yield kind, weight
    if _CJK.search(text):
        for kind, weight, words in _CJK_CUES:
            if re.search(words, text):
                yield kind, weight
