"""Frames in which a firm, a part of one or a stake changes hands: a table of data, read by ``roles``."""

from service.domain.facts.fact import Kind
from service.domain.facts.frame_parts import AMOUNT, BOUGHT, NEAR, NP, PARTY, SOLD, Frame, part

__all__ = ["FIRM_FRAMES"]

FIRM_FRAMES: tuple[Frame, ...] = (
    # a firm changes hands
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}{NEAR}(?:"
        rf"\b(?:agree[sd]?|an?|on|backs?|near(?:s|ing)?)|{AMOUNT})\ssale\sto\s{part('buyer')}",
        "sale",
    ),
    (
        (Kind.ACQUISITION,),
        rf"\b(?:edg|beat|outbid|pip|see|saw|fend|fought|fight)\w*\s(?:out|off|away)\s{part('losing_bidder')}",
        "edg beat outbid pip see saw fend fought fight",
    ),
    ((Kind.ACQUISITION,), rf"{BOUGHT}\s{part('target')}\sfor\s{AMOUNT}"),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NEAR}"
        rf"\b(?:prevail|triumph)\w*\sover\s{part('losing_bidder')}(?:{NP}\bfor\s{part('target')})?",
        "prevail triumph",
    ),
    (
        (Kind.ACQUISITION,),
        rf"\b(?:battle|race|contest|fight|auction|war)\sfor\s(?:control\sof\s)?{part('target')}",
        "battle race contest fight auction war",
    ),
    ((Kind.ACQUISITION,), rf"(?:{part('buyer')}{NEAR})?\bswoop(?:s|ed)?\son\s{part('target')}", "swoop"),
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}(?:'s)?\s(?:shares?|stock)\b[^;{PARTY}]{{0,110}}"
        rf"\b(?:bid|offer|approach|proposal)\s(?:by|from)\s{part('buyer')}",
        "shares share stock",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NP}"
        rf"\b(?:tak|took|gain|acquir|assum)\w*\s(?:\w+\s){{0,2}}control\s(?:of|over)\s{part('target')}",
        "control",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}\s(?:\w+\s){{0,2}}(?:goes|go|went)\sto\s{part('buyer')}\sfor\s",
        "goes go went",
    ),
    (
        (Kind.ACQUISITION,),
        rf"\b(?:shares|stock)\s(?:in|of)\s{part('target')}\b[^;{PARTY}]{{0,110}}{part('buyer')}{NP}\b(?:acquire|buy|bid|offer|take\sover)\b"
        rf"{NP}\b(?:it|the\s(?:\S+\s){{0,2}}?(?:company|firm|group|business|start-?up|\S*maker))\b",
        "shares stock",
    ),
    (
        (Kind.ACQUISITION,),
        rf"\b(?:board|directors|shareholders|management|owners?)\sof\s{part('target')}\s(?:\w+\s)?(?:turn(?:s|ed)?\sdown|accept|reject|spurn|"
        rf"rebuff|back|approv|recommend)\w*\s{part('buyer')}'s?\s",
        "board directors shareholders management owner",
    ),
    ((Kind.ACQUISITION,), rf"{part('seller')}{NEAR}\bsale\sof\s(?:its|their)\b", "sale"),
    (
        (Kind.ACQUISITION,),
        rf"{part('seller')}{NEAR}\b(?:trim|cut|reduc|lower|slash|pare|halv|unload|s[eo]l[dl]|exit|dump)\w*\b{NEAR}\b(?:its|their|his)\s"
        rf"{part('target')}\s(?:stake|holding|shares|position)\b",
        "stake holding shares position",
    ),
    (
        (Kind.ACQUISITION,),
        rf"\b(?:its|their|his)\s{part('target')}\s(?:stake|holding|shares|position)\b",
        "stake holding shares position",
    ),
    ((Kind.ACQUISITION,), rf"\b(?:buyout|takeover|purchase|acquisition|bid|offer)\sby\s{part('buyer')}"),
    (
        (Kind.ACQUISITION,),
        rf"\bsale\sof\s{part('seller')}'s?\s(?!stake)[^;{PARTY}]{{3,40}}\bto\s{part('buyer')}",
        "sale",
    ),
    ((Kind.ACQUISITION,), rf"{part('seller')}'s?\s{NP}\bfetch", "fetch"),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NP}\bamong\s(?:the\s)?(?:\w+\s){{0,2}}(?:bidders|suitors)\b(?:{NP}"
        rf"\bfor\s{part('target')})?",
        "bidders suitors",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}(?:'s?\s(?:board|directors|shareholders|management|owners?))?\s{NEAR}\b"
        rf"(?:turn(?:s|ed)?\sdown|accept|back|recommend|appr"
        rf"ov|spurn|rebuff)\w*\s{part('buyer')}'s?\s(?:[^\s.;]+\s){{0,3}}?(?:offer|bid|proposal|approach)\b",
        "offer bid proposal approach",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NEAR}\b(?:buil(?:t|ds?)|amass|disclos|reveal|unveil)\w*\b{NEAR}"
        rf"\bstake\sin\s{part('target')}",
        "stake",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}'s?\s{NEAR}"
        rf"\b(?:takeover|acquisition|buyout|purchase|sale)\s(?:by|to)\s{part('buyer')}",
        "takeover acquisition buyout purchase sale",
    ),
    (
        (Kind.ACQUISITION,),
        rf"^\W*{part('target')}\s(?:is\s|to\sbe\s)?sold\s(?:"
        rf"off\s)?to\s{part('buyer')}(?!\s(?:its|the|their)\b)",
        "sold",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('seller')}{NP}\b(?:it|they)\s{NP}\b(?:sell|offload|divest)(?:s|ing)?\b{NP}"
        rf"\bto\s{part('buyer')}",
        "sell offload divest",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('seller')}{NEAR}\b(?:trim|cut|reduc|lower|slash|pare|halv|unload)\w*\b{NEAR}"
        rf"\b(?:stake|holding|interest)\sin\s{part('target')}",
        "stake holding interest",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NEAR}"
        rf"\b(?:rais|increas|boost|lift|doubl|up(?:s|ped)|built|builds)\w*\b{NEAR}\b(?:stake|holding|interest)\sin\s{part('target')}",
        "stake holding interest",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{BOUGHT}{NP}\b(?:unit|arm|division|business|subsidiary|operations|branch|assets|portfolio|stores|shops|plants?)"
        rf"\sof\s{part('seller')}",
        "unit arm division business subsidiary operations branch assets portfolio stores shops plant",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}{NEAR}\b(?:be|been|was|were|being)\ssold\b(?:{NP}\bto\s{part('buyer')})?",
        "sold",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('seller')}{NP}\bsale\b{NP}\b(?:stake|interest|holding)\sin\s{part('target')}",
        "sale",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NP}\b(?:team(?:s|ed|ing)?\sup|join(?:s|ed)\sforces)\swith\b",
        "team join",
    ),
    ((Kind.ACQUISITION,), rf"{part('target')}{NP}\bagree(?:s|d|ing)?\sto\san?\s{NP}\b(?:offer|"
        rf"bid)\sfrom\s{part('buyer')}", "from"),
    ((Kind.ACQUISITION,), rf"{SOLD}{NP}\b(?:shares|stock)\s(?:in|of)\s{part('target')}"),
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}(?:'s)?\s(?:shares?|stock)\b[^;{PARTY}]{{0,110}}{part('buyer')}{NP}\b(?:acquire|buy|bid|offer|take\sover)\b"
        rf"{NP}\b(?:it|the\s(?:\S+\s){{0,2}}?(?:company|firm|group|business|start-?up|\S*maker))\b",
    ),
    ((Kind.ACQUISITION,), rf"\b(?:bid|offer|approach|"
        rf"proposal)\b{NP}\bfrom\s{part('buyer')}{NP}\brejected\sby\s{part('target')}", "rejected"),
    ((Kind.ACQUISITION,), rf"{part('target')}{NP}\btaken\sprivate\sby\s{part('buyer')}", "private"),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NP}\b(?:take|taking|takes|took)\s{part('target')}\sprivate\b",
        "private",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}\s\w+ed\s{NEAR}{part('target')}{NEAR}\bwith\s{NEAR}\b(?:bid|offer|proposal)\b",
        "with",
    ),
    ((Kind.ACQUISITION,), rf"\b(?:bid|offer|approach|proposal)\s(?:\S+\s){{0,2}}?from\s{part('buyer')}"),
    (
        (Kind.ACQUISITION,),
        rf"{part('seller')}{NP}"
        rf"\bsale\sof\s(?:its|the|a|his|their)\s{NEAR}{part('target')}{NP}\bto\s{part('buyer')}",
        "sale",
    ),
    ((Kind.ACQUISITION,), rf"{part('seller')}{NP}\bsale\s(?:of\s{NP})?to\s{part('buyer')}", "sale"),
    ((Kind.ACQUISITION,), rf"\b(?:offer|bid)s?\s(?:\S+\s){{0,4}}?for\s{part('target')}"),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NEAR}\b(?:took|taken|takes?|taking|acquire[sd]?|buys?|bought)\b{NP}\b(?:stakes?|interest|holding)\s(?:in|of)"
        rf"\s{part('target')}",
        "stake interest holding",
    ),
    ((Kind.ACQUISITION,), rf"{part('buyer')}\b{NEAR}\b(?:pay|pays|paid|paying)\s{AMOUNT}"),
    ((Kind.ACQUISITION,), rf"{part('target')},?\s(?:which|that|(?:an?|the)\s{NP}\sthat)\s{part('buyer')}\s(?:had\s|"
        rf"has\s)?(?:bought|acquired|snapped|snatched)"),
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}{NEAR}\b(?:be|been|was|were|being)\s(?:\w+\s)?(?:acquired|bought|purchased|taken\sover)"
        rf"(?:{NP}\bby\s{part('buyer')})?",
    ),
    ((Kind.ACQUISITION,), rf"{part('seller')}{NEAR}{SOLD}{NEAR}\bstake\sin\s{part('target')}", "stake"),
    ((Kind.ACQUISITION,), rf"{SOLD}[^;]{{0,80}}?\bto\s{part('buyer')}"),
    ((Kind.ACQUISITION,), rf"{SOLD}\s{part('target')}(?:\sto\s{part('buyer')})?"),
    ((Kind.ACQUISITION,), rf"{part('seller')}{NEAR}(?:{SOLD}|\bexploring\sa\ssale)"),
    ((Kind.ACQUISITION,), rf"(?:led\sby)\s{part('buyer')}"),
    ((Kind.ACQUISITION,), rf"{BOUGHT}{NP}\b(?:from|off)\s{part('seller')}"),
    ((Kind.ACQUISITION,), rf"{BOUGHT}\s{NEAR}{part('seller')}'s?\s(?!offer|bid)[a-z]"),
    (
        (Kind.ACQUISITION,),
        rf"{BOUGHT}{NP}\b(?:stake\sin|of|for|from)?\s?{part('target')}(?:{NEAR}\bfrom\s{part('seller')})?",
    ),
    ((Kind.ACQUISITION,), rf"{part('target')},?\s(?:bought|acquired)\sby\s{part('buyer')}"),
    ((Kind.ACQUISITION,), rf"{part('buyer')}{NEAR}\boutbid{NEAR}{part('losing_bidder')}"
        rf"(?:{NP}\bto\sbuy\s{part('target')})?", "outbid"),
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}{NEAR}\breject{NEAR}{part('buyer')}'?s?\s(?:\S+\s){{0,2}}?(?:offer|bid)",
        "reject",
    ),
    ((Kind.ACQUISITION,), rf"{part('target')}{NEAR}\b(?:receive[sd]?|gets?|got)\b{NP}\b(?:offer|bid|"
        rf"approach)\b(?:\sfrom\s{part('buyer')})?", "offer bid approach"),
    ((Kind.ACQUISITION,), rf"{part('target')}{NEAR}\b(?:rejects?|rejected|spurn(?:s|ed)|accepts?|accepted|"
        rf"rebuff(?:s|ed))\b{NP}\b(?:from|by)\s{part('buyer')}", "reject spurn accept rebuff"),
    ((Kind.ACQUISITION,), rf"\bstakes?\sin\s{part('target')}"),
    ((Kind.ACQUISITION,), rf"\bvalues\s{part('target')}", "values"),
    (
        (Kind.ACQUISITION,),
        rf"\b(?:acquisition|takeover|purchase|buyout|kauf|rachat|compra|acquisto|overname|venta|venda|vendita|cession)\s"
        rf"(?:of|von|de|di|da|do|van)\s(?:la\s|die\s)?{part('target')}(?:{NEAR}"
        rf"\b(?:by|durch|par|por|da|door|a)\s(?:die\s|la\s)?{part('buyer')})?",
        "acquisition takeover purchase buyout kauf rachat compra acquisto overname vent vend cession",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}\s(?:complete[sd]?|close[sd]?|finali[sz]e[sd]?|abandon(?:s|ed)|scrap(?:s|ped))\s[^;]{{0,40}}?"
        r"\b(?:acquisition|takeover|purchase|merger)\b",
        "acquisition takeover purchase merger",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('target')}\s(?:acquisition|takeover|buyout|purchase)\b",
        "acquisition takeover buyout purchase",
    ),
    (
        (Kind.ACQUISITION,),
        rf"(?:(?<!\bfor\s)(?<!\bon\s)(?<!\bof\s)(?<!"
        rf"\bwith\s)|(?=[{PARTY}]')){part('buyer')}{NP}(?:{BOUGHT}|\b(?:acquisition|takeover|purchase|offer|bid|buyout)\b)",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NEAR}\b(?:übernimmt|kauft|erwirbt|rachète|acquiert|compra|compró|comprou|adquirió|acquista|acquisisce|koopt|neemt"
        rf")\b{NP}\bvon\s{part('seller')}",
        "übernimmt kauft erwirbt rachète acquiert compr adquiri acquis koopt neemt acquérir",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}"
        rf"{NEAR}"
        rf"\b(?:übernimmt|kauft|erwirbt|rachète|acquiert|compra|compró|comprou|adquirió|acquista|acquisisce|koopt|neemt|acquérir)\s(?:la\s|el\s|die\s)?{part('target')}",
        "übernimmt kauft erwirbt rachète acquiert compr adquiri acquis koopt neemt acquérir",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('seller')}{NEAR}\b(?:cède|céder|vendió|vendeu|vende|vender|verkauft|verkoopt"
        rf")\b(?:{NP}\b(?:à|a|an|aan)\s(?:la\s)?{part('buyer')})?",
        "cède céder vend verk",
    ),
    ((Kind.ACQUISITION,), rf"\b(?:céder|cède|cédé)\b[^;]{{0,80}}?\sà\s{part('buyer')}", "céd cèd"),
    ((Kind.ACQUISITION,), rf"{part('seller')}{NP}\b(?:venta|cession|verkauf)\b", "venta cession verkauf"),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}{NP}\b(?:kauf|rachat|compra|overname|übernehmen)\b",
        "kauf rachat compra overname übernehmen",
    ),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}(?:は|가|는|이|正在洽谈以|将|以){NP}{part('target')}(?:を|를|을){NP}(?:買収|인수)",
        "買収 인수",
    ),
    ((Kind.ACQUISITION,), rf"{part('buyer')}{NP}收购{part('target')}", "收购"),
    (
        (Kind.ACQUISITION,),
        rf"{part('buyer')}\s(?:compró|kocht|acquistò)\sa\s{part('seller')}\s\S+\s\S+\s{part('target')}",
        "compró kocht acquistò",
    ),
)  # fmt: skip
