"""Frames in which who supplies whom, who loses a tender, who lets and who takes: a table of data, read by ``roles``."""

from service.domain.facts.fact import Kind
from service.domain.facts.frame_parts import AMOUNT, NEAR, NP, ORDER, PARTY, Frame, part

__all__ = ["TRADE_FRAMES"]

TRADE_FRAMES: tuple[Frame, ...] = (
    # a tender's losers and winners
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{part('losing_bidder')}{NEAR}\blos(?:es|t|ing)\b{NP}{ORDER}\s(?:from|with)\s{part('buyer')}\sto\s{part('supplier')}",
        "los",
    ),
    (
        (Kind.CONTRACT,),
        rf"{part('buyer')}{NEAR}\b(?:hands?|handed|gives?|gave)\s{part('supplier')}\s{NP}{ORDER}",
        "hand give gave",
    ),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{part('supplier')}{NEAR}\b(?:wins|won)\s{NP}{part('buyer')}\s(?:contract|order|deal)",
    ),
    (
        (Kind.CONTRACT,),
        rf"{part('losing_bidder')}{NEAR}\bverl(?:or|iert)\b{NP}\bauftrag\svon\s{part('buyer')}\san\s{part('supplier')}",
        "auftrag",
    ),
    ((Kind.CONTRACT,), rf"{part('losing_bidder')}\sbid\sfor\b[^;{PARTY}]{{0,60}};\s{part('supplier')}\swon\b", "bid"),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"(?:\bbeat(?:s|ing)?|\bahead\sof|\binstead\sof|\bover\srivals?)\s{part('losing_bidder')}",
    ),
    ((Kind.CONTRACT, Kind.DEAL), rf"{part('supplier')}{NEAR}\b(?:beat(?:s|ing)?|outbid)\s{part('losing_bidder')}"),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{part('losing_bidder')}{NP}\b(?:unsuccessful|(?:was|were)\soutbid|outbid\W*$|lost\sout)",
    ),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{part('losing_bidder')}{NEAR}\b(?:los(?:es|t)|verl(?:or|iert))\b{NP}(?:to|an)\s{part('supplier')}",
    ),
    ((Kind.CONTRACT, Kind.DEAL), rf"{part('losing_bidder')}{NEAR}\b(?:los(?:es|t)|verl(?:or|iert))\b{NP}{ORDER}"),
    ((Kind.CONTRACT,), rf"{part('losing_bidder')}'s\sbid\b{NP}\brejected\sby\s{part('buyer')}", "rejected"),
    ((Kind.CONTRACT,), rf"\bauftrag\svon\s{part('buyer')}", "auftrag"),
    # who supplies whom
    (
        (Kind.CONTRACT,),
        rf"{part('buyer')}{NP}\bplac(?:e[sd]?|ing)\b{NP}\borders?\b{NP}\bwith\s{part('supplier')}",
        "plac",
    ),
    (
        (Kind.CONTRACT,),
        rf"{ORDER}\s(?:\S+\s)?to\s(?:build|make|supply|provide|deliver|run|maintain|install)\b{NP}\bfor\s{part('buyer')}",
        "build make supply provide deliver run maintain install",
    ),
    (
        (Kind.CONTRACT,),
        rf"{part('buyer')}{NP}\b(?:talks|negotiations|discussions)\swith\s{part('supplier')}{NP}\b(?:order|buy|purchase)\b",
        "talks negotiations discussions",
    ),
    ((Kind.CONTRACT,), rf"{part('supplier')}'s?\s(?:\S+\s){{0,2}}?contract\sfrom\s{part('buyer')}"),
    ((Kind.CONTRACT,), rf"{part('buyer')}{NP}\bsign(?:s|ed)\b{NP}\b(?:contract|agreement|"
        rf"deal)\b{NP}\bfrom\s{part('supplier')}"),
    ((Kind.CONTRACT,), rf"{part('supplier')}{NEAR}\b(?:confirm|announc|book|receiv|report)\w*\b{NP}\b(?:order|"
        rf"contract)s?\b{NP}\bfrom\s{part('buyer')}"),
    ((Kind.CONTRACT,), rf"\bawarded\b{NP}\b(?:contract|order|deal)\sby\s{part('buyer')}"),
    (
        (Kind.CONTRACT,),
        rf"{part('supplier')}{NEAR}\b(?:selected|chosen|picked|hired|appointed)\s(?:over\s{part('losing_bidder')}\s)?by\s{part('buyer')}",
        "selected chosen picked hired appointed",
    ),
    ((Kind.CONTRACT,), rf"\b(?:selected|chosen|picked|hired|appointed)\sby\s{part('buyer')}"),
    (
        (Kind.CONTRACT,),
        rf"{part('supplier')}{NP}\b(?:receive[sd]?|gets?|got|wins?|won|lands?|landed|secure[sd]?|awarded|clinche[sd]|bag(?:s|ged))\b"
        rf"{NEAR}{part('buyer')}\s(?:contract|order|deal|pact)\b",
    ),
    ((Kind.CONTRACT,), rf"{part('buyer')}{NEAR}\baward(?:s|ed)\s{part('supplier')}"),
    ((Kind.CONTRACT,), rf"\bawarded\sto\s{part('supplier')}(?:{NEAR}\bby\s{part('buyer')})?"),
    ((Kind.CONTRACT,), rf"{part('buyer')}{NEAR}\b(?:selected|chose|picked|selects|picks)\s{part('supplier')}"),
    (
        (Kind.CONTRACT,),
        rf"{part('supplier')}{NP}\b(?:supply|supplies|sell|sells|provide|deliver)\b{NP}\bto\s{part('buyer')}",
    ),
    (
        (Kind.CONTRACT,),
        rf"{part('supplier')}{NP}\b(?:supply|supplies|provide|to\sequip)\s{NEAR}{part('buyer')}\swith",
    ),
    ((Kind.CONTRACT,), rf"{part('buyer')}{NP}\b(?:buy|buys|buying|bought|ordered)\b{NP}\bfrom\s{part('supplier')}"),
    ((Kind.CONTRACT,), rf"\b(?:buy|buys|buying|bought|ordered)\b{NP}\bfrom\s{part('supplier')}"),
    (
        (Kind.CONTRACT,),
        rf"{part('supplier')}{NEAR}\bsign(?:s|ed)\b{NP}{ORDER}{NP}\bwith\s{part('buyer')}{NP}\bto\s(?:supply|provide|deliver)",
    ),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{part('supplier')}{NEAR}\b(?:wins?|won|lands?|landed|secure[sd]|clinche[sd]|received|gets)\b{NP}{ORDER}"
        rf"{NP}\b(?:from|with)\s(?:the\s)?{part('buyer')}",
    ),
    ((Kind.CONTRACT,), rf"{ORDER}{NP}\b(?:with|from)\s(?:the\s)?{part('buyer')}{NP}\bto\s(?:supply|provide|deliver)"),
    ((Kind.CONTRACT,), rf"{part('supplier')}{NEAR}\b(?:won|wins|landed|lands|beat|outbid)\b"),
    ((Kind.CONTRACT,), rf"\b(?:order|contract)\b{NP}\bfrom\s(?:the\s)?{part('buyer')}"),
    ((Kind.CONTRACT,), rf"{part('supplier')}\serhält\svon\sder\s{part('buyer')}", "erhält"),
    ((Kind.CONTRACT,), rf"\b(?:go|goes)\sto\s{part('supplier')}", "go"),
    ((Kind.CONTRACT,), rf"{part('buyer')}\s(?:cancelled|terminated)\b", "cancelled terminated"),
    ((Kind.CONTRACT,), rf"{part('buyer')}{NEAR}\b(?:pay|pays|paid|paying)\s{part('supplier')}\s{AMOUNT}"),
    ((Kind.CONTRACT,), rf"{part('buyer')}{NP}\border(?:s|ed)\b{NP}\bfrom\s{part('supplier')}"),
    (
        (Kind.CONTRACT,),
        rf"{part('supplier')}{NEAR}\b(?:(?:will|would|to)\s(?:supply|provide|deliver)|supplies|supplied)\b",
    ),
    ((Kind.CONTRACT,), rf"{part('supplier')}{NEAR}\bawarded\b[^;]{{0,60}}?\b(?:contract|order|deal)"),
    (
        (Kind.CONTRACT, Kind.DEAL),
        rf"{part('buyer')}{NEAR}\b(?:pull|back)(?:s|ed)?\sout\sof\b{NP}\bwith\s{part('supplier')}",
    ),
    (
        (Kind.CONTRACT,),
        rf"\baward(?:s|ed|ing)?\b{NP}\bto\s{part('supplier')}(?:\sover\s{part('losing_bidder')})?",
    ),
    # who lets, who takes
    (
        (Kind.LEASE,),
        rf"{part('lessor')}{NP}\b(?:leases?|rents?|rented|leased|leasing|renting)\b{NP}\bto\s{part('lessee')}",
    ),
    ((Kind.LEASE,), rf"{part('lessee')}{NP}\b(?:leases?|rents?|rented|leased|leasing)\b{NP}\bfrom\s{part('lessor')}"),
    ((Kind.LEASE,), rf"{part('lessee')}{NEAR}\bsigned\sa\slease\swith\s{part('lessor')}"),
)  # fmt: skip
