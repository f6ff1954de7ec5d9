"""Frames in which money raised, lent and put in, and suits: a table of data, read by ``roles``."""

from service.domain.facts.fact import Kind
from service.domain.facts.frame_parts import AMOUNT, LEND, NEAR, NP, SUIT, Frame, part

__all__ = ["MONEY_FRAMES"]

MONEY_FRAMES: tuple[Frame, ...] = (
    # money raised
    (
        (Kind.FUNDING,),
        rf"{part('target')}{NEAR}"
        rf"\b(?:talks|discussions|negotiations)\swith\s{part('investor')}{NP}\b(?:rais|secur|obtain|get)\w*\b",
        "talks discussions negotiations",
    ),
    (
        (Kind.FUNDING,),
        rf"\b(?:investors|backers|shareholders)\b[^;.]{{0,80}}\b(?:including|among\sthem)\s{part('investor')}",
        "investors backers shareholders",
    ),
    (
        (Kind.FUNDING,),
        rf"\b(?:loans?|financing|facility|debt|bonds?|bridge)\b{NEAR}\b(?:back|fund|finance|support|help)s?\s"
        rf"{part('borrower')}(?:'s?|\s(?:buy|pay|acquire))\b",
        "loan financing facility debt bond bridge",
    ),
    (
        (Kind.FUNDING,),
        rf"{part('lender')}{NP}\b(?:provid|suppl|underwr|arrang|originat|extend|grant|offer|le(?:ad|d)\b)\w*{NP}"
        rf"\b(?:loans?|financing|facility|debt|note|credit)\b{NP}"
        rf"\b(?:for|to|on\sbehalf\sof)\s{part('borrower')}",
        "loan financing facilit debt note credit",
    ),
    (
        (Kind.FUNDING,),
        rf"{part('borrower')}{NEAR}\barrang\w+\b{NP}\b(?:loans?|facility|credit|financing)"
        rf"\b{NP}\b(?:from|with)\s{part('lender')}",
        "loan financing facilit debt note credit",
    ),
    (
        (Kind.FUNDING,),
        rf"{part('borrower')}{NEAR}\b(?:secur|obtain|receiv|clos|sign|land|got\b|gets\b|won\b|wins\b|clinch|(?:take|took)\b)\w*\b{NP}"
        rf"\b(?:loans?|credit\s(?:lines?|facilit(?:y|ies))|(?:term|revolving|debt|lending)\sfacilit(?:y|ies)|debt\sfinancing)\b"
        rf"(?:{NP}\b(?:from|with|by)\s{part('lender')})?",
        "loan credit facilit debt",
    ),
    (
        (Kind.FUNDING,),
        rf"{part('lender')}{NP}\b(?:provid(?:e[sd]?|ing)|suppl(?:y|ies|ied|ying)|underwr\w+|arrang(?:e[sd]?|ing)|originat\w+|extend(?:s|ed)?|grant(?:s|ed)?|(?:co-)?le(?:ads?|d)(?!\sby))\b"
        rf"{NP}\b(?:loans?|financing|facility|debt|note|credit)\b(?:{NP}"
        rf"\b(?:for|to|on\sbehalf\sof)\s{part('borrower')})?",
        "loan financing facilit debt note credit",
    ),
    ((Kind.FUNDING,), rf"\b(?:loan|financing|facility|note|credit)\b{NP}\b(?:provided|arranged|led|supplied|"
        rf"underwritten)\sby\s{part('lender')}"),
    (
        (Kind.FUNDING,),
        rf"{part('investor')}{NP}\b(?:withdr\w+|pull(?:s|ed)\sout|back(?:s|ed)\sout)\b{NP}"
        rf"\b(?:round|talks|negotiations)\b(?:{NP}\bin\s{part('target')})?",
        "withdr pull back",
    ),
    (
        (Kind.FUNDING,),
        rf"{part('investor')}{NP}\b(?:join(?:s|ed|ing)?|participat\w+\sin|back(?:s|ed|ing)?|co-led|led(?!\sby)|lead(?:s|ing)?)\b{NP}"
        rf"\b(?:round|funding|financing|fundraising)\b{NP}\b(?:for|in)\s{NEAR}{part('target')}",
        "round funding financing fundraising",
    ),
    (
        (Kind.FUNDING,),
        rf"{part('target')}{NEAR}\b(?:raise[sd]?|raising|secure[sd]?|bag(?:s|ged)|nab(?:s|bed)|land(?:s|ed)|snag(?:s|ged)|"
        rf"gets?|got|receive[sd]?|wins?|won|closed|closes|announce[sd]?|in\stalks\sto\sraise)\b{NP}\b(?:round|series|seed|equity|"
        r"venture|vc)\b",
    ),
    ((Kind.FUNDING,), rf"\binvestors?,?\s(?:including|include[sd]?|such\sas|like)\s{part('investor')}"),
    (
        (Kind.FUNDING,),
        rf"{part('investor')}{NP}\b(?:participated|took\spart|joined)\b",
        "participated took joined",
    ),
    (
        (Kind.FUNDING,),
        rf"{part('lender')}{NP}\b(?:loans?|credit\s(?:line|facility)|facility|lending)"
        rf"\b{NEAR}\sto\s{part('borrower')}",
    ),
    ((Kind.FUNDING,), rf"{part('lender')}{NEAR}\b(?:to\slend|lends|lent)\b"),
    (
        (Kind.FUNDING,),
        rf"{part('borrower')}{NEAR}\ba\sobtenu\sun\sprêt\b(?:{NP}\bde\sla\s{part('lender')})?",
        "obtenu",
    ),
    ((Kind.FUNDING,), rf"\b(?:stake|shares?|money)\b{NP}\bin\s{part('target')}"),
    ((Kind.FUNDING,), rf"{part('lender')}{NP}{LEND}(?:{NP}\bto)?\s{part('borrower')}"),
    ((Kind.FUNDING,), rf"\b(?:loan|credit\sline|debt|facility|lån)\b{NP}\bfrom\s{part('lender')}"),
    (
        (Kind.FUNDING,),
        rf"\b(?:raise[sd]?|raising|secure[sd]?|bag(?:s|ged)|nab(?:s|bed)|receive[sd]?|gets?|got|participation|investment|"
        rf"backing|money|contributions?)\b{NP}\b(?:from|by)\s{part('investor')}",
    ),
    ((Kind.FUNDING,), rf"{part('borrower')}{NP}\b(?:loan|credit\sline|debt|notes|bonds?|préstamo|empréstimo)\b"),
    (
        (Kind.FUNDING,),
        rf"\b(?:préstamo|empréstimo|prêt)\b{NP}\bd[eao]\s{part('lender')}",
        "préstamo empréstimo prêt",
    ),
    (
        (Kind.FUNDING,),
        rf"{part('lender')}\s(?:gewährt|leent|ha\sconcesso\sa)\s{part('borrower')}",
        "gewährt leent concesso",
    ),
    ((Kind.FUNDING,), rf"\bled\sby\s{part('investor')}"),
    ((Kind.FUNDING,), rf"\bbacked\sby\s{part('investor')}"),
    ((Kind.FUNDING,), rf"{part('investor')}{NEAR}\b(?:co-led|led|leads)\b(?!\sby)(?:{NP}\bin\s{part('target')})?"),
    ((Kind.FUNDING,), rf"{part('investor')}{NP}\bto\sfund\s{part('target')}", "fund"),
    (
        (Kind.FUNDING,),
        rf"\b(?:raise[sd]?|round|auprès)\b{NP}\b(?:from|de)\s{part('investor')}",
        "raise round auprès",
    ),
    ((Kind.FUNDING,), rf"\bjunto\sao\s{part('investor')}", "junto"),
    (
        (Kind.FUNDING,),
        rf"{part('target')}{NEAR}\b(?:secure[sd]?|bag(?:s|ged)|nab(?:s|bed)|land(?:s|ed)|snag(?:s|ged)|haul(?:s|ed)\sin|rak(?:es|ed)\sin|"
        rf"pull(?:s|ed)\sin|closed?s?\son|gets?|got|receive[sd]?)\s{NEAR}{AMOUNT}",
    ),
    ((Kind.FUNDING,), rf"{part('borrower')}は{part('lender')}から{NP}融資", "融資"),
    ((Kind.FUNDING,), rf"由{part('investor')}领投", "领投"),
    (
        (Kind.FUNDING,),
        rf"{part('target')}{NP}(?:"
        rf"\b(?:raise[sd]?|raising|round|closed|ipo|eingesammelt|levé|captou|captó)\b|完成|融资)",
    ),
    ((Kind.FUNDING,), rf"\bventure\s(?:between|of|involving|by)\s{part('borrower')}", "venture"),
    # suits
    (
        (Kind.LAWSUIT,),
        rf"{part('defendant')}{NEAR}\b(?:fac(?:e|es|ed|ing)|hit\swith|slapped\swith)\b",
        "fac hit slapped",
    ),
    (
        (Kind.LAWSUIT,),
        rf"\b(?:block|stop|halt|prevent|challenge|undo|unwind)\s{part('defendant')}(?:'s?|\sfrom)\s",
        "block stop halt prevent challenge undo unwind",
    ),
    (
        (Kind.LAWSUIT,),
        rf"\b(?:block|stop|halt|prevent|challenge|undo|unwind)\b[^;.]{{0,60}}?"
        rf"\b(?:purchase|takeover|acquisition|buyout)\sof\s{part('defendant')}",
        "block stop halt prevent challenge undo unwind",
    ),
    (
        (Kind.LAWSUIT,),
        rf"\b(?:block|stop|halt|prevent|challenge|undo|unwind)\b[^;.]{{0,60}}?"
        rf"\b(?:merger|deal|tie-up)\s(?:of|between)\s{part('defendant')}",
        "block stop halt prevent challenge undo unwind",
    ),
    (
        (Kind.LAWSUIT,),
        rf"{part('defendant')}\s(?:won't|will\snot|does\snot"
        rf"|doesn't|did\snot)\s(?:have|need)\sto\spay\s{part('plaintiff')}",
        "pay",
    ),
    ((Kind.LAWSUIT,), rf"{part('defendant')}\s(?:need|must)\snot\spay\s{part('plaintiff')}", "pay"),
    ((Kind.LAWSUIT,), rf"\b(?:penalt(?:y|ies)|fines?)\s(?:on|against)\s{part('defendant')}"),
    ((Kind.LAWSUIT,), rf"{part('defendant')}{NEAR}\b(?:was|were|been|is|are|"
        rf"being)\ssued\b(?:{NP}\bby\s{part('plaintiff')})?"),
    ((Kind.LAWSUIT,), rf"\border(?:s|ed)\s{NEAR}{part('defendant')}\sto\spay\b{NP}\bto\s{part('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"{part('defendant')}\s(?:that\s)?(?:it\s)?(?:must|to|has\sto)\spay\s{part('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"{part('defendant')}{NP}\b{SUIT}\s(?:brought\s|filed\s)?by\s{part('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\b{SUIT}\s(?:brought\s|filed\s)?by\s{part('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\border(?:s|ed)\s{NEAR}{part('defendant')}\sto\spay\b"),
    (
        (Kind.LAWSUIT,),
        rf"(?<!from\s)(?<!by\s){part('defendant')}{NP}\b(?:pay|pays|paid|paying)\b{NP}"
        rf"\b(?:settle|fines?|penalt(?:y|ies)|end|resolve|victims|compensation)\b",
    ),
    ((Kind.LAWSUIT,), rf"{part('defendant')}{NEAR}\b(?:fined|agree[sd]?\sto\sa\sfine)\b"),
    ((Kind.LAWSUIT,), rf"\b(?:ordered|orders)\s{part('defendant')}\sto\spay\s{part('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"{part('defendant')}{NEAR}\bmust\spay\s{part('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\bawarded\s{part('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\bfine[sd]\s{part('defendant')}"),
    (
        (Kind.LAWSUIT,),
        rf"{part('plaintiff')}{NEAR}"
        rf"\b(?:sue[sd]?|suing|klagt\sgegen|verklagt|demandó\sa|起诉)\s?{part('defendant')}",
    ),
    ((Kind.LAWSUIT,), rf"{part('plaintiff')}{NP}\bagainst\s{part('defendant')}"),
    (
        (Kind.LAWSUIT,),
        rf"{part('plaintiff')}\s(?:(?:has|have|had|is|are|al"
        rf"so|will|plans?\sto|jointly)\s){{0,2}}(?:sue[sd]?|suing)\b",
    ),
    ((Kind.LAWSUIT,), rf"{part('plaintiff')}\sa\sattaqué\s{part('defendant')}"),
    ((Kind.LAWSUIT,), rf"\bbrought\sby\s{part('plaintiff')}"),
    ((Kind.LAWSUIT,), rf"\bagainst\s{part('defendant')}"),
    # money put in
    (
        (Kind.INVESTMENT,),
        rf"{part('investor')}{NP}\b(?:inject|pump|put|plough|pour)\w*\b{NP}\binto\s{part('target')}",
        "into",
    ),
    (
        (Kind.INVESTMENT,),
        rf"{part('target')}{NEAR}{part('investor')}{NP}\binvest(?:ment|ing|s|ed)?\s{NP}\bin\sthe\s(?:\S*maker|company|firm|"
        r"start-?up|group|business)\b",
    ),
    (
        (Kind.INVESTMENT,),
        rf"{part('target')}{NP}\b(?:with|gets?|getting|receive[sd]?|secure[sd]?|wins?|won|lands?|landed|attract\w*)\s{NEAR}{AMOUNT}?{NEAR}\binvestments?\b"
        r"(?!\sin\b)",
    ),
    (
        (Kind.INVESTMENT,),
        rf"{part('investor')}{NEAR}\b(?:took|taken|takes?|taking|acquire[sd]?|buys?|bought)\b{NP}\b(?:stake|interest|holding)\s(?:in|of)"
        rf"\s{part('target')}",
    ),
    ((Kind.INVESTMENT,), rf"{part('target')}\sreceived\b{NP}\bfrom\s{part('investor')}"),
    (
        (Kind.INVESTMENT,),
        rf"{part('investor')}{NP}\b(?:invest\w*|investe\w*)\b{NP}"
        rf"\b(?:in|en|em|dans)\s(?:\S+-based\s)?{part('target')}",
    ),
    (
        (Kind.INVESTMENT,),
        rf"{part('investor')}(?:は|는|가|이){part('target')}(?:に|에){NP}(?:出資|投資|투자)",
        "出資 投資 투자",
    ),
    ((Kind.INVESTMENT,), rf"{part('investor')}(?:将|拟)?向{part('target')}{NP}投资"),
    ((Kind.INVESTMENT,), rf"{part('target')}に{NP}(?:出資|投資)"),
    ((Kind.INVESTMENT,), rf"^{part('investor')}[、は]"),
    (
        (Kind.INVESTMENT,),
        rf"{part('investor')}{NP}(?:\b(?:invest(?!or)\w*|spend|spent|spending|project|inv[ei]\w+)\b|投资|投資)",
    ),
)  # fmt: skip
