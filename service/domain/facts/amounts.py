"""Which of a sentence's amounts is what the deal is worth.

Not: a share's price, a firm's value or sales, savings, an hour's rent, or anything under 10,000.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from service.domain.facts.fact import Money
from service.domain.facts.parts import is_part

__all__ = ["deal_amount", "tells_price"]

_LEAST = 10_000
_PER_UNIT = re.compile(
    r"\s?(?:a|an|per|each|je|pro|par|por|per|l'|/|one)\s?(?:share|stock|hour|unit|piece|chip|gpu|token|barrel|watt|mwh|"
    r"ton|user|month per user|aktie|stück|stunde|action|acción|ação|azione|aandeel|título)\b|\s?(?:apiece|each)\b",
    re.IGNORECASE,
)
_NOT_THE_DEALS = re.compile(
    r"\b(?:revenues?|sales|turnover|profits?|net income|income|earnings|loss(?:es)?|savings?|saves?|market value|"
    r"market cap(?:italisation|italization)?|valuation|capex|capital expenditures?|assets|dividends?|backlog|budget|"
    r"umsatz|gewinn|verlust|ergebnis|bewertung|chiffre d'affaires|bénéfice|perte|valorisation|ingresos|beneficios?|"
    r"pérdidas|ventas|lucro|receita|prejuízo|ricavi|utile|perdita|omzet|winst|verlies|price target|kursziel|"
    r"save up to|bonus|salary|costs?|concessions|shortfall|gap|bill|gains?|windfall|"
    r"deficits?|debts?\sof|liabilities|wages?|"
    r"order\sbook|pipeline|facturaci[oó]n|faturamento|fatturato|rachat d'actions|recompra de acciones|"
    r"aktienrückkauf\w*|"
    r"total\s(?:equity\s|venture\s)?(?:funding|raised|(?:capital|amount)\sraised|fundraising)|(?:funding|raised|investment)\sto\sdate|"
    r"(?:last|previous|prior)\s(?:fund|round)|tops?|topp(?:ed|ing)|reserves?|includes|(?-i:plus)|pesant|pèse|earn(?:s|ed|ing)|"
    r"generat(?:es|ed|ing)|brings\sin|targeted|(?:consist(?:s|ing)?|compris(?:es?|ing)|made up) of|"
    r"write-?(?:down|off)s?|charges?|valorise|value of the company)\b[^.;,$€£¥]{0,30}$",
    re.IGNORECASE,
)
_NOT_THE_DEALS_EITHER = re.compile(
    r"(?:売上高|営業利益|営業損失|経常利益|経常損失|純資産|純利益|時価総額|年商|销售额|营收|净利润|市值|매출액?|영업이익|시가총액)"
    r"(?:は|が|約|△|은|는|이|\s)*$"
)
_BRINGING = re.compile(
    r"\b(?:bring|lift|push|tak)(?:s|ing)?\s(?:(?:the\s|its\s|their\s)?(?:\w+\s){0,2}total\b[^.;$€£]{0,60}|to\s)$"
    r"|\b(?:founded|launched|started|established)\sin\s\d{4}\b[^.;]{0,40}\braised\s$",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:rose|rises?|risen|fell|falls?|fallen|grew|grown|jump(?:s|ed)|slid|slips?|slipped|climb(?:s|ed)|surged|widened|"
    r"compared|narrowed|cutting|trimmed|eroded?|shrunk|declined|stieg|sank|gestiegen|gesunken)\s(?:\S+\s){0,2}(?:by|to|from|with|um|auf)\s(?:[A-Z]\w+'s\s|nearly\s|a\s)?$",
    re.IGNORECASE,
)
_TO_DATE = re.compile(
    r"(?:(?!round|largest|biggest)[^.;,]){0,40}\b(?:to date|so far|since (?:its|it was|their) (?:\w+)|"
    r"since (?:\d{4}|inception|launch))\b|\s?in total funding",
    re.IGNORECASE,
)
_ALL_TOLD = re.compile(r"\W*(?:to date|so far|in total|overall|all told|altogether)\b", re.IGNORECASE)
"""What a firm has raised in all its rounds."""
_BEHIND = re.compile(
    r"\s?(?:in|of|under|de|von|worth of|an)\s?(?:\w+\s)?(?:revenues?|sales|profits?|management|"
    r"savings|capital expenditures?|capex|earnings|assets|income|losses|"
    r"(?:[A-Z]\S+\s)?shares|concessions|(?:labou?r\s|wage\s)"
    r"concessions|benefits?|taxes|back taxes)\b|\s(?:reserve|write-?(?:down|off)|charge|deficit|loss|profit|"
    r"total|surplus|hit|tax(?:\sbill)?|back\stax|bill|shortfall|budget|(?:(?:pre-money|post-money|implied|total)\s)?valuation\w*|"
    r"price tag|"
    r"market cap\w*|market value|turnover|bonus|jackpot|prize|bounty|salary)s?\b|"
    r"\s\([^()]{1,20}\)\s(?:valuation|loss|profit)|"
    r"\s?(?:on|for)\s(?:capital expenditures?|capex)\b|\s?price target|\s(?:[\w-]+\s)?total\b|\s(?:to|from|"
    r"off)\sthe\svalue\sof\b|"
    r"\s(?:große|starke)[nrms]?\s(?:\S+\s){0,4}?\S*(?:markt\w*|industrie|branche|fonds)\b",
    re.IGNORECASE,
)
_PRIZE = re.compile(r"\s(?:[A-Z]\S*\s){1,4}(?:Prize|Award)\b")
_CONVERSION = re.compile(r"^\s\((?:[$€£¥]|[A-Z]{2,3}\$?)?[\d.]+\s?\w*(?:[;,]\s?[$€£¥]?[\d.]+\s?\w*)?\)")
_SIZED = re.compile(
    r"\s(?:[\w-]+\s){0,3}?(?:fund|company|firm|group|conglomerate|industry|market|economy|business)(?!\sunit)\b",
    re.IGNORECASE,
)
"""Behind "N, a $53 billion": how big a firm is, not what it pays."""
_A = re.compile(r"(?:,|\bis|\bthe|'s)\s(?:an?\s)?$")
_WORTH = re.compile(
    r"(?:worth|valued at|estimated at|évaluée? à|im wert von|bewertet mit|values?|valuing|at a valuation of|"
    r"valuation of|valorado en|valutat[ao]|gewaardeerd op)\s(?:[^.;,]{0,40}?\sat\s)?(?:a\s)?$",
    re.IGNORECASE,
)
_DEAL_NOUN = re.compile(
    r"\b(?:auftr[aä]g\w*|vertr[aä]g\w*|proposals?|deals?|contracts?|agreements?|orders?|stakes?|transaction|leases?|rentals?|bids?|offers?|acquisition|partnership|"
    r"purchase|loans?|project|merger|takeover|round|settlement|pact|tender|vertrag\w*|auftrag\w*|geschäft|übernahme|"
    r"contrat|rachat|accord|commande|contrato|acuerdo|compra|acordo|contratto|accordo|overeenkomst|overname)\b",
    re.IGNORECASE,
)
_BEFORE_DEAL = re.compile(
    r"\s(?:contract|deal|takeover|acquisition|merger|purchase|settlement|lawsuit)\b", re.IGNORECASE
)
_FOR = re.compile(r"\b(?:reserves?|assets|business|debts?)\b[^.;,]{0,40}\bfor\s$")
_GOES = re.compile(r"\b(?:sell|sells|sold|selling|sale\sof|offload\w*|divest\w*|buy|buys|bought|acquired?)\s$")
""" "To sell $7bn of assets"."""
_BID_AT = re.compile(r"\b(?:bid|(?<!tender )offer|deal|takeover)\b[^.;]{0,60}\sat\san?\s$")
_OWN_SHARES = re.compile(r"\b(?:shares|stock|units),?\s$")
_SELLING = re.compile(
    r"\b(?:sell|sells|sold|selling|offload\w*|unload\w*|buys?|buying|bought)\s(?:\S+\s){0,3}$", re.IGNORECASE
)
""" "Selling shares worth A": what goes over the counter."""
_PART_OF_A_FIRM = re.compile(
    r"\b(?:sale|sell|sells|sold|selling|buy|buys|buying|bought|acquir\w+|tak(?:e|es|en|ing)|took)\b[^.;]{0,40}?\b"
    r"(?<!controlling\s)(?:stake|shareholding|minority|(?:\d|%)\s(?:percent\s|per\scent\s)?of)\b[^.;]{0,80}?\b(?:that|which|could|would|at\sa\svalu\w+|valu(?:es|ing|ed))\b",
    re.IGNORECASE,
)
"""What a sale of a stake values the firm at is no price."""
_VALUED = re.compile(r"val(?:ue|orado|utat|orisa)|at a val|gewaardeerd|évalu|bewertet", re.IGNORECASE)
_ROUND = re.compile(r"\b(?:rais(?:e[sd]?|ing)|round|fund(?:ing|raising)|series\s[a-h]|seed|financing)\b", re.IGNORECASE)
_SALE = re.compile(r"\b(?:bid|offer|takeover|acqui\w+|merge\w*|buy\w*|bought|sale|sell\w*|sold|stake)\b", re.IGNORECASE)
"""In a round a firm's value is no price; of a firm that is sold it is."""
_GOODS_WORTH = re.compile(r"\b(?:buy|order|sell|purchas|suppl)\w*\b[^.;]{0,70}\sworth\s$", re.IGNORECASE)
_OWNS = re.compile(r"(?<![\w-])(?:owns?|owned|(?<!\bon\s)holds?|held|stole|hält)\b[^.;,]{0,60}$", re.IGNORECASE)
_BRACKETED = re.compile(r"\s?[(\[]\s?(?:or\s|about\s|some\s|=\s?)?")
_OR = re.compile(r",?\s(?:or|i\.e\.)\s(?:about\s)?")
_AND_IN = re.compile(r"\s?[;,/|]\s?(?:or\s)?")
_WHICH = re.compile(r",\s(?:which|who)\s[^,;]{0,60}$")
_PRICE = re.compile(
    r"\b(?:deal|contract|order|agreement|price|worth|for|über|pour|por|per|voor|lawsuit|loan|round|raised?|invest\w*|"
    r"settlement|bid|offer)\s?(?:of\s|of up to\s)?$",
    re.IGNORECASE,
)
_PRICE_TOLD = re.compile(
    r"\b(?:compra|adquisición|rachat|acquisition|pay|pays|paid|price|deal|transaction|purchase|contract|agreement|order|value|worth|totall?ed|kaufpreis|preis|prix|precio|preço|prezzo|"
    r"prijs|volumen|(?:\w+)?wert|angebot|montant|importe|opération|operación|cantidad|cifra|operazione|operação|valor|valeur|controvalore)\b"
    r"|買付代金|取得価額|取得価格|取得金額|買収額|買収総額|買収価格|譲渡価額|契約額|投資額|交易金额|交易价格|총액|인수가",
    re.IGNORECASE,
)


def deal_amount(found: Sequence[Money], text: str) -> Money | None:
    """The deal's own amount, None where no amount of the sentence is one."""
    converted = _converted(found, text)
    fit = [money for money in found if money not in converted and _may_be(money, text)]
    if not fit:
        return None
    most = max(money.amount for money in fit)
    return max(fit, key=lambda money: (_points(money, text, most), -fit.index(money)))


def _converted(found: Sequence[Money], text: str) -> list[Money]:
    """What only repeats the amount before it in other currencies: "$1.8bn (£931m; 1.4bn euros)"."""
    again: list[Money] = []
    for last, money in pairwise(found):
        between = text[last.end : money.start]
        other = money.currency != last.currency
        if (
            _BRACKETED.fullmatch(between)
            or (other and _OR.fullmatch(between))
            or (other and last in again and _AND_IN.fullmatch(between))
        ):
            again.append(last if last.currency is None and money.currency else money)
    return again


def _may_be(money: Money, text: str) -> bool:
    if money.amount < _LEAST:
        return False
    before, after = text[max(0, money.start - 90) : money.start], text[money.end : money.end + 60]
    after = _CONVERSION.sub("", after)
    behind = _BEHIND.match(after)
    if (
        behind
        and _SALE.search(text)
        and (
            ("assets" in behind.group() and _GOES.search(before))
            or (_BID_AT.search(before) and not _ROUND.search(text))
        )
    ):
        behind = None
    if (
        _PER_UNIT.match(after)
        or behind
        or _OWNS.search(before)
        or _NOT_THE_DEALS_EITHER.search(before)
        or _BRINGING.search(before)
        or (_ROUND.search(text) and (_TO_DATE.match(after) or _ALL_TOLD.match(text)))
        or (_NOT_THE_DEALS.search(before) and not _BEFORE_DEAL.match(after) and not _FOR.search(before))
        or _CHANGED.search(before)
        or _PRIZE.match(after)
    ):
        return False
    if _A.search(before) and _SIZED.match(after):
        return False
    worth = _WORTH.search(before)
    if worth is None:
        return True
    shares = _OWN_SHARES.search(before[: worth.start()])
    if shares and not _SELLING.search(before[: shares.start()]):
        return False
    if _VALUED.match(worth.group()) and _PART_OF_A_FIRM.search(text):
        return False
    if _VALUED.match(worth.group()) and _ROUND.search(text) and not _SALE.search(text):
        return False
    return bool(_DEAL_NOUN.search(before) or _GOODS_WORTH.search(before))


def _points(money: Money, text: str, most: float) -> int:
    before, after = text[max(0, money.start - 30) : money.start], text[money.end : money.end + 40]
    behind = re.match(r"\W{0,2}(?:\w+\W){0,2}" + _DEAL_NOUN.pattern, after, re.IGNORECASE)
    return (
        2 * (money.amount == most or not is_part(money, text))
        + 2 * bool(_WORTH.search(before))
        + bool(_PRICE.search(before))
        + 2 * bool(behind)
        - 3 * before.rstrip().endswith("including")
        - 3 * bool(_WHICH.search(text[: money.start]))
        - 4 * (text.count("(", 0, money.start) > text.count(")", 0, money.start))
    )


def tells_price(text: str) -> bool:
    """Whether the sentence may tell its neighbour's price: "The price was $6.4 billion."."""
    return _PRICE_TOLD.search(text) is not None
