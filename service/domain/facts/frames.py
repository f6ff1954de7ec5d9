"""The frames that give parties their parts: a table of data, the first that fits a name decides.

In a masked sentence each name is one private character and each amount another; ``roles`` looks, in small letters.
"""

from service.domain.facts.fact import Kind

__all__ = ["AMOUNT", "FIRST_NAME", "FRAMES", "JOINT", "PARTY"]

FIRST_NAME = 0xE000
"""The character of the first name; the next one has the next."""
AMOUNT = "\uf000"
PARTY = "\ue000-\uefff"
JOINT = r"(?:,?\s(?:and|und|et|y|e|en|och)\s(?:the\s|die\s|la\s|its\s\S+\s)?|,\s|\s?&\s?|と|、|和|与|및)"
_NP = rf"[^{PARTY};]{{0,90}}?"
"""Anything but another party."""
_NEAR = rf"[^{PARTY};]{{0,30}}?"


def _g(role: str) -> str:
    return rf"(?P<{role}>[{PARTY}](?:{JOINT}[{PARTY}])*)"


_BOUGHT = r"\b(?:buys?|bought|buying|acquires?|acquired|acquiring|acquire|takes?\sover|took\sover|purchas(?:e[sd]?|ing)|paid|pay|paying|spend|spends|spent|spending|snatch(?:es|ed)\sup|snap(?:s|ped)\sup|scoop(?:s|ed)\sup|shell(?:s|ed)\sout|offered|offers|bids|bid)\b"  # noqa: E501
_SOLD = r"\b(?:offload(?:s|ed|ing)?|sells?|sold|selling|divests?|divested)\b"
_LEND = r"\b(?:lends?|lent|lending|loan(?:s|ed)?|provide[sd]?\s(?:a|the)\s\S*\s?loan)\b"
_SUIT = r"(?:suit|lawsuit|claim|complaint|case)"
_ORDER = r"\b(?:contract|order|deal|tender)s?\b"
FRAMES: tuple[tuple[tuple[Kind, ...], str], ...] = (
    # a tender's losers and winners
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{_g('supplier')}{_NEAR}\b(?:wins|won)\s{_NP}{_g('buyer')}\s(?:contract|order|deal)",
    ),
    (
        (Kind.CONTRACT,),
        rf"{_g('losing_bidder')}{_NEAR}\bverl(?:or|iert)\b{_NP}\bauftrag\svon\s{_g('buyer')}\san\s{_g('supplier')}",
    ),
    ((Kind.CONTRACT,), rf"{_g('losing_bidder')}\sbid\sfor\b[^;{PARTY}]{{0,60}};\s{_g('supplier')}\swon\b"),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"(?:\bbeat(?:s|ing)?|\bahead\sof|\binstead\sof|\bover\srivals?)\s{_g('losing_bidder')}",
    ),
    ((Kind.CONTRACT, Kind.DEAL), rf"{_g('supplier')}{_NEAR}\b(?:beat(?:s|ing)?|outbid)\s{_g('losing_bidder')}"),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{_g('losing_bidder')}{_NP}\b(?:unsuccessful|(?:was|were)\soutbid|outbid\W*$|lost\sout)",
    ),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{_g('losing_bidder')}{_NEAR}\b(?:los(?:es|t)|verl(?:or|iert))\b{_NP}(?:to|an)\s{_g('supplier')}",
    ),
    ((Kind.CONTRACT, Kind.DEAL), rf"{_g('losing_bidder')}{_NEAR}\b(?:los(?:es|t)|verl(?:or|iert))\b{_NP}{_ORDER}"),
    ((Kind.CONTRACT,), rf"{_g('losing_bidder')}'s\sbid\b{_NP}\brejected\sby\s{_g('buyer')}"),
    ((Kind.CONTRACT,), rf"\bauftrag\svon\s{_g('buyer')}"),
    # who supplies whom
    ((Kind.CONTRACT,), rf"{_g('buyer')}{_NP}\bsign(?:s|ed)\b{_NP}\b(?:contract|agreement|"
        rf"deal)\b{_NP}\bfrom\s{_g('supplier')}"),
    ((Kind.CONTRACT,), rf"{_g('supplier')}{_NEAR}\b(?:confirm|announc|book|receiv|report)\w*\b{_NP}\b(?:order|"
        rf"contract)s?\b{_NP}\bfrom\s{_g('buyer')}"),
    ((Kind.CONTRACT,), rf"\bawarded\b{_NP}\b(?:contract|order|deal)\sby\s{_g('buyer')}"),
    ((Kind.CONTRACT,), rf"\b(?:selected|chosen|picked|hired|appointed)\sby\s{_g('buyer')}"),
    (
        (Kind.CONTRACT,),
        rf"{_g('supplier')}{_NP}\b(?:receive[sd]?|gets?|got|wins?|won|lands?|landed|secure[sd]?|awarded|clinche[sd]|bag(?:s|ged))\b"
        rf"{_NEAR}{_g('buyer')}\s(?:contract|order|deal|pact)\b",
    ),
    ((Kind.CONTRACT,), rf"{_g('buyer')}{_NEAR}\baward(?:s|ed)\s{_g('supplier')}"),
    ((Kind.CONTRACT,), rf"\bawarded\sto\s{_g('supplier')}(?:{_NEAR}\bby\s{_g('buyer')})?"),
    ((Kind.CONTRACT,), rf"{_g('buyer')}{_NEAR}\b(?:selected|chose|picked|selects|picks)\s{_g('supplier')}"),
    (
        (Kind.CONTRACT,),
        rf"{_g('supplier')}{_NP}\b(?:supply|supplies|sell|sells|provide|deliver)\b{_NP}\bto\s{_g('buyer')}",
    ),
    (
        (Kind.CONTRACT,),
        rf"{_g('supplier')}{_NP}\b(?:supply|supplies|provide|to\sequip)\s{_NEAR}{_g('buyer')}\swith",
    ),
    ((Kind.CONTRACT,), rf"{_g('buyer')}{_NP}\b(?:buy|buys|buying|bought|ordered)\b{_NP}\bfrom\s{_g('supplier')}"),
    ((Kind.CONTRACT,), rf"\b(?:buy|buys|buying|bought|ordered)\b{_NP}\bfrom\s{_g('supplier')}"),
    (
        (Kind.CONTRACT,),
        rf"{_g('supplier')}{_NEAR}\bsign(?:s|ed)\b{_NP}{_ORDER}{_NP}\bwith\s{_g('buyer')}{_NP}\bto\s(?:supply|provide|deliver)",
    ),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{_g('supplier')}{_NEAR}\b(?:wins?|won|lands?|landed|secure[sd]|clinche[sd]|received|gets)\b{_NP}{_ORDER}"
        rf"{_NP}\b(?:from|with)\s(?:the\s)?{_g('buyer')}",
    ),
    ((Kind.CONTRACT,), rf"{_ORDER}{_NP}\b(?:with|from)\s(?:the\s)?{_g('buyer')}{_NP}\bto\s(?:supply|provide|deliver)"),
    ((Kind.CONTRACT,), rf"{_g('supplier')}{_NEAR}\b(?:won|wins|landed|lands|beat|outbid)\b"),
    ((Kind.CONTRACT,), rf"\b(?:order|contract)\b{_NP}\bfrom\s(?:the\s)?{_g('buyer')}"),
    ((Kind.CONTRACT,), rf"{_g('supplier')}\serhält\svon\sder\s{_g('buyer')}"),
    ((Kind.CONTRACT,), rf"\b(?:go|goes)\sto\s{_g('supplier')}"),
    ((Kind.CONTRACT,), rf"{_g('buyer')}\s(?:cancelled|terminated)\b"),
    ((Kind.CONTRACT,), rf"{_g('buyer')}{_NEAR}\b(?:pay|pays|paid|paying)\s{_g('supplier')}\s{AMOUNT}"),
    ((Kind.CONTRACT,), rf"{_g('buyer')}{_NP}\border(?:s|ed)\b{_NP}\bfrom\s{_g('supplier')}"),
    (
        (Kind.CONTRACT,),
        rf"{_g('supplier')}{_NEAR}\b(?:(?:will|would|to)\s(?:supply|provide|deliver)|supplies|supplied)\b",
    ),
    ((Kind.CONTRACT,), rf"{_g('supplier')}{_NEAR}\bawarded\b[^;]{{0,60}}?\b(?:contract|order|deal)"),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{_g('buyer')}{_NEAR}\b(?:pull|back)(?:s|ed)?\sout\sof\b{_NP}\bwith\s{_g('supplier')}",
    ),
    (
        (Kind.CONTRACT,),
        rf"\baward(?:s|ed|ing)?\b{_NP}\bto\s{_g('supplier')}(?:\sover\s{_g('losing_bidder')})?",
    ),
    # a firm changes hands
    ((Kind.ACQUISITION,), rf"{_g('target')}{_NEAR}\b(?:be|been|was|were|being)\ssold\b(?:{_NP}\bto\s{_g('buyer')})?"),
    ((Kind.ACQUISITION,), rf"{_g('seller')}{_NP}\bsale\b{_NP}\b(?:stake|interest|holding)\sin\s{_g('target')}"),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}{_NP}\b(?:team(?:s|ed|ing)?\sup|join(?:s|ed)\sforces)\swith\b"),
    ((Kind.ACQUISITION,), rf"{_g('target')}{_NP}\bagree(?:s|d|ing)?\sto\san?\s{_NP}\b(?:offer|"
        rf"bid)\sfrom\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"{_SOLD}{_NP}\b(?:shares|stock)\s(?:in|of)\s{_g('target')}"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('target')}(?:'s)?\s(?:shares?|stock)\b[^;{PARTY}]{{0,110}}{_g('buyer')}{_NP}\b(?:acquire|buy|bid|offer|take\sover)\b"
        rf"{_NP}\b(?:it|the\s(?:company|firm|group|business|start-?up|\S*maker))\b",
    ),
    ((Kind.ACQUISITION,), rf"\b(?:bid|offer|approach|"
        rf"proposal)\b{_NP}\bfrom\s{_g('buyer')}{_NP}\brejected\sby\s{_g('target')}"),
    ((Kind.ACQUISITION,), rf"{_g('target')}{_NP}\btaken\sprivate\sby\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}{_NP}\b(?:take|taking|takes|took)\s{_g('target')}\sprivate\b"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}\s\w+ed\s{_NEAR}{_g('target')}{_NEAR}\bwith\s{_NEAR}\b(?:bid|offer|proposal)\b",
    ),
    ((Kind.ACQUISITION,), rf"\b(?:bid|offer|approach|proposal)\s(?:\S+\s){{0,2}}?from\s{_g('buyer')}"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('seller')}{_NP}\bsale\sof\s(?:its|the|a|his|their)\s{_NEAR}{_g('target')}{_NP}\bto\s{_g('buyer')}",
    ),
    ((Kind.ACQUISITION,), rf"{_g('seller')}{_NP}\bsale\s(?:of\s{_NP})?to\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"\b(?:offer|bid)\s(?:\S+\s){{0,2}}?for\s{_g('target')}"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}{_NEAR}\b(?:took|taken|takes?|taking|acquire[sd]?|buys?|bought)\b{_NP}\b(?:stake|interest|holding)\s(?:in|of)"
        rf"\s{_g('target')}",
    ),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}\b{_NEAR}\b(?:pay|pays|paid|paying)\s{AMOUNT}"),
    ((Kind.ACQUISITION,), rf"{_g('target')},?\s(?:which|that|(?:an?|the)\s{_NP}\sthat)\s{_g('buyer')}\s(?:had\s|"
        rf"has\s)?(?:bought|acquired|snapped|snatched)"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('target')}{_NEAR}\b(?:be|been|was|were|being)\s(?:\w+\s)?(?:acquired|bought|purchased|taken\sover)"
        rf"(?:{_NP}\bby\s{_g('buyer')})?",
    ),
    ((Kind.ACQUISITION,), rf"{_g('seller')}{_NEAR}{_SOLD}{_NEAR}\bstake\sin\s{_g('target')}"),
    ((Kind.ACQUISITION,), rf"{_SOLD}[^;]{{0,80}}?\bto\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"{_SOLD}\s{_g('target')}(?:\sto\s{_g('buyer')})?"),
    ((Kind.ACQUISITION,), rf"{_g('seller')}{_NEAR}(?:{_SOLD}|\bexploring\sa\ssale)"),
    ((Kind.ACQUISITION,), rf"(?:led\sby)\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"{_BOUGHT}{_NP}\b(?:from|off)\s{_g('seller')}"),
    ((Kind.ACQUISITION,), rf"{_BOUGHT}\s{_NEAR}{_g('seller')}'s?\s(?!offer|bid)[a-z]"),
    (
        (Kind.ACQUISITION,),
        rf"{_BOUGHT}{_NP}\b(?:stake\sin|of|for|from)?\s?{_g('target')}(?:{_NEAR}\bfrom\s{_g('seller')})?",
    ),
    ((Kind.ACQUISITION,), rf"{_g('target')},?\s(?:bought|acquired)\sby\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}{_NEAR}\boutbid{_NEAR}{_g('losing_bidder')}"
        rf"(?:{_NP}\bto\sbuy\s{_g('target')})?"),
    ((Kind.ACQUISITION,), rf"{_g('target')}{_NEAR}\breject{_NEAR}{_g('buyer')}'?s?\s(?:\S+\s){{0,2}}?(?:offer|bid)"),
    ((Kind.ACQUISITION,), rf"{_g('target')}{_NEAR}\b(?:receive[sd]?|gets?|got)\b{_NP}\b(?:offer|bid|"
        rf"approach)\b(?:\sfrom\s{_g('buyer')})?"),
    ((Kind.ACQUISITION,), rf"\b(?:buyout|takeover|purchase|acquisition|bid|offer)\sby\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"{_g('target')}{_NEAR}\b(?:rejects?|rejected|spurn(?:s|ed)|accepts?|accepted|"
        rf"rebuff(?:s|ed))\b{_NP}\b(?:from|by)\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"\bstakes?\sin\s{_g('target')}"),
    ((Kind.ACQUISITION,), rf"\bvalues\s{_g('target')}"),
    (
        (Kind.ACQUISITION,),
        rf"\b(?:acquisition|takeover|purchase|buyout|kauf|rachat|compra|acquisto|overname|venta|venda|vendita|cession)\s"
        rf"(?:of|von|de|di|da|do|van)\s(?:la\s|die\s)?{_g('target')}(?:{_NEAR}\b(?:by|durch|par|por|da|door|a)\s(?:die\s|la\s)?{_g('buyer')})?",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}\s(?:complete[sd]?|close[sd]?|finali[sz]e[sd]?|abandon(?:s|ed)|scrap(?:s|ped))\s[^;]{{0,40}}?"
        r"\b(?:acquisition|takeover|purchase|merger)\b",
    ),
    ((Kind.ACQUISITION,), rf"{_g('target')}\s(?:acquisition|takeover|buyout|purchase)\b"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}{_NP}(?:{_BOUGHT}|\b(?:acquisition|takeover|purchase|offer|bid|buyout)\b)",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}{_NEAR}\b(?:übernimmt|kauft|erwirbt|rachète|acquiert|compra|compró|comprou|adquirió|acquista|acquisisce|koopt|neemt"
        rf")\b{_NP}\bvon\s{_g('seller')}",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}"
        rf"{_NEAR}\b(?:übernimmt|kauft|erwirbt|rachète|acquiert|compra|compró|comprou|adquirió|acquista|acquisisce|koopt|neemt|acquérir)\s(?:la\s|el\s|die\s)?{_g('target')}",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{_g('seller')}{_NEAR}\b(?:cède|céder|vendió|vendeu|vende|vender|verkauft|verkoopt"
        rf")\b(?:{_NP}\b(?:à|a|an|aan)\s(?:la\s)?{_g('buyer')})?",
    ),
    ((Kind.ACQUISITION,), rf"\b(?:céder|cède|cédé)\b[^;]{{0,80}}?\sà\s{_g('buyer')}"),
    ((Kind.ACQUISITION,), rf"{_g('seller')}{_NP}\b(?:venta|cession|verkauf)\b"),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}{_NP}\b(?:kauf|rachat|compra|overname|übernehmen)\b"),
    (
        (Kind.ACQUISITION,),
        rf"{_g('buyer')}(?:は|가|는|이|正在洽谈以|将|以){_NP}{_g('target')}(?:を|를|을){_NP}(?:買収|인수)",
    ),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}{_NP}收购{_g('target')}"),
    ((Kind.ACQUISITION,), rf"{_g('buyer')}\s(?:compró|kocht|acquistò)\sa\s{_g('seller')}\s\S+\s\S+\s{_g('target')}"),
    # money raised
    (
        (Kind.FUNDING,),
        rf"{_g('lender')}{_NP}\b(?:provid(?:e[sd]?|ing)|suppl(?:y|ies|ied|ying)|underwr\w+|arrang(?:e[sd]?|ing)|originat\w+)\b"
        rf"{_NP}\b(?:loans?|financing|facility|debt|note|credit)\b(?:{_NP}\b(?:for|to|on\sbehalf\sof)\s{_g('borrower')})?",
    ),
    ((Kind.FUNDING,), rf"\b(?:loan|financing|facility|note|credit)\b{_NP}\b(?:provided|arranged|led|supplied|"
        rf"underwritten)\sby\s{_g('lender')}"),
    (
        (Kind.FUNDING,),
        rf"{_g('investor')}{_NP}\b(?:withdr\w+|pull(?:s|ed)\sout|back(?:s|ed)\sout)\b{_NP}\b(?:round|talks|negotiations)\b(?:{_NP}\bin\s{_g('target')})?",
    ),
    (
        (Kind.FUNDING,),
        rf"{_g('investor')}{_NP}\b(?:join(?:s|ed|ing)?|participat\w+\sin|back(?:s|ed|ing)?|co-led|led(?!\sby)|lead(?:s|ing)?)\b{_NP}"
        rf"\b(?:round|funding|financing|fundraising)\b{_NP}\b(?:for|in)\s{_NEAR}{_g('target')}",
    ),
    (
        (Kind.FUNDING,),
        rf"{_g('target')}{_NEAR}\b(?:raise[sd]?|raising|secure[sd]?|bag(?:s|ged)|nab(?:s|bed)|land(?:s|ed)|snag(?:s|ged)|"
        rf"gets?|got|receive[sd]?|wins?|won|closed|closes|announce[sd]?|in\stalks\sto\sraise)\b{_NP}\b(?:round|series|seed|equity|"
        r"venture|vc)\b",
    ),
    ((Kind.FUNDING,), rf"\binvestors?,?\s(?:including|include[sd]?|such\sas|like)\s{_g('investor')}"),
    ((Kind.FUNDING,), rf"{_g('investor')}{_NP}\b(?:participated|took\spart|joined)\b"),
    (
        (Kind.FUNDING,),
        rf"{_g('lender')}{_NP}\b(?:loans?|credit\s(?:line|facility)|facility|lending)\b{_NEAR}\sto\s{_g('borrower')}",
    ),
    ((Kind.FUNDING,), rf"{_g('lender')}{_NEAR}\b(?:to\slend|lends|lent)\b"),
    ((Kind.FUNDING,), rf"{_g('borrower')}{_NEAR}\ba\sobtenu\sun\sprêt\b(?:{_NP}\bde\sla\s{_g('lender')})?"),
    ((Kind.FUNDING,), rf"\b(?:stake|shares?|money)\b{_NP}\bin\s{_g('target')}"),
    ((Kind.FUNDING,), rf"{_g('lender')}{_NP}{_LEND}(?:{_NP}\bto)?\s{_g('borrower')}"),
    ((Kind.FUNDING,), rf"\b(?:loan|credit\sline|debt|facility|lån)\b{_NP}\bfrom\s{_g('lender')}"),
    (
        (Kind.FUNDING,),
        rf"\b(?:raise[sd]?|raising|secure[sd]?|bag(?:s|ged)|nab(?:s|bed)|receive[sd]?|gets?|got|participation|investment|"
        rf"backing|money|contributions?)\b{_NP}\b(?:from|by)\s{_g('investor')}",
    ),
    ((Kind.FUNDING,), rf"{_g('borrower')}{_NP}\b(?:loan|credit\sline|debt|notes|bonds?|préstamo|empréstimo)\b"),
    ((Kind.FUNDING,), rf"\b(?:préstamo|empréstimo|prêt)\b{_NP}\bd[eao]\s{_g('lender')}"),
    ((Kind.FUNDING,), rf"{_g('lender')}\s(?:gewährt|leent|ha\sconcesso\sa)\s{_g('borrower')}"),
    ((Kind.FUNDING,), rf"\bled\sby\s{_g('investor')}"),
    ((Kind.FUNDING,), rf"\bbacked\sby\s{_g('investor')}"),
    ((Kind.FUNDING,), rf"{_g('investor')}{_NEAR}\b(?:co-led|led|leads)\b(?!\sby)(?:{_NP}\bin\s{_g('target')})?"),
    ((Kind.FUNDING,), rf"{_g('investor')}{_NP}\bto\sfund\s{_g('target')}"),
    ((Kind.FUNDING,), rf"\b(?:raise[sd]?|round|auprès)\b{_NP}\b(?:from|de)\s{_g('investor')}"),
    ((Kind.FUNDING,), rf"\bjunto\sao\s{_g('investor')}"),
    (
        (Kind.FUNDING,),
        rf"{_g('target')}{_NEAR}\b(?:secure[sd]?|bag(?:s|ged)|nab(?:s|bed)|land(?:s|ed)|snag(?:s|ged)|haul(?:s|ed)\sin|rak(?:es|ed)\sin|"
        rf"pull(?:s|ed)\sin|closed?s?\son|gets?|got|receive[sd]?)\s{_NEAR}{AMOUNT}",
    ),
    ((Kind.FUNDING,), rf"{_g('borrower')}は{_g('lender')}から{_NP}融資"),
    ((Kind.FUNDING,), rf"由{_g('investor')}领投"),
    (
        (Kind.FUNDING,),
        rf"{_g('target')}{_NP}(?:\b(?:raise[sd]?|raising|round|closed|ipo|eingesammelt|levé|captou|captó)\b|完成|融资)",
    ),
    ((Kind.FUNDING,), rf"\bventure\s(?:between|of|involving|by)\s{_g('borrower')}"),
    # suits
    ((Kind.LAWSUIT,), rf"\b(?:penalt(?:y|ies)|fines?)\s(?:on|against)\s{_g('defendant')}"),
    ((Kind.LAWSUIT,), rf"{_g('defendant')}{_NEAR}\b(?:was|were|been|is|are|"
        rf"being)\ssued\b(?:{_NP}\bby\s{_g('plaintiff')})?"),
    ((Kind.LAWSUIT,), rf"\border(?:s|ed)\s{_NEAR}{_g('defendant')}\sto\spay\b{_NP}\bto\s{_g('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"{_g('defendant')}\s(?:that\s)?(?:it\s)?(?:must|to|has\sto)\spay\s{_g('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"{_g('defendant')}{_NP}\b{_SUIT}\s(?:brought\s|filed\s)?by\s{_g('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\b{_SUIT}\s(?:brought\s|filed\s)?by\s{_g('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\border(?:s|ed)\s{_NEAR}{_g('defendant')}\sto\spay\b"),
    (
        (Kind.LAWSUIT,),
        rf"(?<!from\s)(?<!by\s){_g('defendant')}{_NP}\b(?:pay|pays|paid|paying)\b{_NP}\b(?:settle|fines?|penalt(?:y|ies)|end|resolve|victims|compensation)\b",
    ),
    ((Kind.LAWSUIT,), rf"{_g('defendant')}{_NEAR}\b(?:fined|agree[sd]?\sto\sa\sfine)\b"),
    ((Kind.LAWSUIT,), rf"\b(?:ordered|orders)\s{_g('defendant')}\sto\spay\s{_g('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"{_g('defendant')}{_NEAR}\bmust\spay\s{_g('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\bawarded\s{_g('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\bfine[sd]\s{_g('defendant')}"),
    (
        (Kind.LAWSUIT,),
        rf"{_g('plaintiff')}{_NEAR}\b(?:sue[sd]?|suing|klagt\sgegen|verklagt|demandó\sa|起诉)\s?{_g('defendant')}",
    ),
    ((Kind.LAWSUIT,), rf"{_g('plaintiff')}{_NP}\bagainst\s{_g('defendant')}"),
    ((Kind.LAWSUIT,), rf"{_g('plaintiff')}\sa\sattaqué\s{_g('defendant')}"),
    ((Kind.LAWSUIT,), rf"\bbrought\sby\s{_g('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\bagainst\s{_g('defendant')}"),
    # who lets, who takes
    (
        (Kind.LEASE,),
        rf"{_g('lessor')}{_NP}\b(?:leases?|rents?|rented|leased|leasing|renting)\b{_NP}\bto\s{_g('lessee')}",
    ),
    ((Kind.LEASE,), rf"{_g('lessee')}{_NP}\b(?:leases?|rents?|rented|leased|leasing)\b{_NP}\bfrom\s{_g('lessor')}"),
    ((Kind.LEASE,), rf"{_g('lessee')}{_NEAR}\bsigned\sa\slease\swith\s{_g('lessor')}"),
    # money put in
    (
        (Kind.INVESTMENT,),
        rf"{_g('target')}{_NEAR}{_g('investor')}{_NP}\binvest(?:ment|ing|s|ed)?\s{_NP}\bin\sthe\s(?:\S*maker|company|firm|"
        r"start-?up|group|business)\b",
    ),
    (
        (Kind.INVESTMENT,),
        rf"{_g('target')}{_NP}\b(?:with|gets?|getting|receive[sd]?|secure[sd]?|wins?|won|lands?|landed|attract\w*)\s{_NEAR}{AMOUNT}?{_NEAR}\binvestments?\b"
        r"(?!\sin\b)",
    ),
    (
        (Kind.INVESTMENT,),
        rf"{_g('investor')}{_NEAR}\b(?:took|taken|takes?|taking|acquire[sd]?|buys?|bought)\b{_NP}\b(?:stake|interest|holding)\s(?:in|of)"
        rf"\s{_g('target')}",
    ),
    ((Kind.INVESTMENT,), rf"{_g('target')}\sreceived\b{_NP}\bfrom\s{_g('investor')}"),
    (
        (Kind.INVESTMENT,),
        rf"{_g('investor')}{_NP}\b(?:invest\w*|investe\w*)\b{_NP}\b(?:in|en|em|dans)\s(?:\S+-based\s)?{_g('target')}",
    ),
    ((Kind.INVESTMENT,), rf"{_g('investor')}(?:は|는|가|이){_g('target')}(?:に|에){_NP}(?:出資|投資|투자)"),
    ((Kind.INVESTMENT,), rf"{_g('investor')}(?:将|拟)?向{_g('target')}{_NP}投资"),
    ((Kind.INVESTMENT,), rf"{_g('target')}に{_NP}(?:出資|投資)"),
    ((Kind.INVESTMENT,), rf"^{_g('investor')}[、は]"),
    (
        (Kind.INVESTMENT,),
        rf"{_g('investor')}{_NP}(?:\b(?:invest(?!or)\w*|spend|spent|spending|project|inv[ei]\w+)\b|投资|投資)",
    ),
)  # fmt: skip
