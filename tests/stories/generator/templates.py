# ruff: noqa: E501 - running text
"""Texts that are filled in by machines: the hard negatives."""

import random

from tests.stories.generator import vocabulary as v

__all__ = ["FAMILIES", "filled"]

STOCK_NOTE = (
    "{firm} ({ticker}) shares traded {way} {pct} percent to ${p1} on {day}.|The stock opened at ${p2} and reached a high "
    "of ${p3} in mid-day trading.|About {vol} shares changed hands, a decline of {n1} percent from the average session "
    "volume of {vol2} shares.|Several research firms have recently commented on the company.|{bank} raised its price "
    "objective from ${n2} to ${n3} and gave the company a buy rating in a research note on {month} {n4}.|The firm has a "
    "market capitalisation of ${p4} billion, a price-to-earnings ratio of {p5} and a beta of {p6}.|The company has a "
    "debt-to-equity ratio of {p7}, a quick ratio of {p8} and a current ratio of {p9}.|The business also recently "
    "announced a quarterly dividend, which will be paid on {month} {n5}.|Stockholders of record will be given a "
    "dividend of ${p6} per share, a yield of {p8} percent.|Large investors have recently modified their holdings of the "
    "business, and hedge funds own {p10} percent of the stock.",
    "{firm} ({ticker}) trading {way} {pct} percent",
)
MARKET = (
    "Stocks closed {way} on {day} as investors weighed interest rates and company results.|The benchmark index {moved} "
    "{p1} points, or {pct} percent, to {vol}.|The technology index {moved2} {p5} percent to {vol2}, while the index of "
    "smaller companies {moved} {p6} percent.|Among the biggest movers, {firm} {moved2} {p7} percent and {other} {moved} "
    "{p8} percent.|Volume on the exchange was {p9} billion shares, compared with an average of {p10} billion over the "
    "last 20 trading days.|Oil settled at ${p2} a barrel and gold traded at ${p3} an ounce.|The yield on the ten-year "
    "note was last at {p6} percent.|Traders are now waiting for data on consumer prices, which are due later in the week.",
    "Stocks close {way} on {day}",
)
RELEASE = (
    "{city}, {month} {n4} - {firm}, a leading provider of {sector} solutions, today announced the launch of {product}, the "
    "next generation of its award-winning platform.|{product} helps customers around the world to reduce complexity, "
    "increase productivity and achieve their sustainability goals.|“We are thrilled to bring {product} to market and are "
    "confident that it will set a new standard in the {sector} industry,” said {person}, {role} of {firm}.|The new platform "
    "is {n1} percent faster than its predecessor and is available immediately through a network of certified partners.|"
    "Pricing starts at ${n2} per user and month.|“Our customers asked for more flexibility, and we listened,” added "
    "{person}.|For further information about the platform, please visit our website or contact the press office.|This press "
    "release contains forward-looking statements that involve risks and uncertainties which could cause actual results to "
    "differ materially.|The company undertakes no obligation to update these statements after the date of this release.",
    "{firm} launches {product}",
)
QUAKE = (
    "A light earthquake of magnitude {p6} was recorded off the coast at {clock} on {day} morning, the institute said.|The "
    "epicentre was {n1} kilometres from the nearest town, at a depth of {n2} kilometres.|No damage was reported and no "
    "tsunami warning was issued.|The institute registered {n5} aftershocks, the strongest of magnitude {p8}.|Residents in "
    "several coastal towns said they had felt the shaking for up to {n4} seconds.|The region lies on a fault where "
    "plates meet and has several thousand small quakes every year.",
    "Light earthquake recorded off the coast",
)
RATES = (
    "The average rate on a 30-year fixed mortgage was {p6} percent on {day}, {n4} basis points {way} than a week ago.|The "
    "average for a 15-year fixed loan was {p8} percent, and for a five-year adjustable loan {p7} percent.|At today's "
    "rate a borrower pays about ${p1} a month for principal and interest on every $100,000.|The share of refinancings was "
    "{n1} percent of all applications, against {n2} percent a week earlier.|Rates vary by lender, by region and by credit "
    "score, so it pays to compare several offers before signing a contract.|Our figures come from a survey of the largest "
    "lenders in each state and are updated every working day.",
    "Mortgage rates today",
)
GERMAN_NOTE = (
    "Die Aktie von {firm} notierte am {tag} mit {pct} Prozent im Plus bei {p1} Euro.|Zum Handelsstart hatte das Papier bei "
    "{p2} Euro gelegen, das Tageshoch betrug {p3} Euro.|Insgesamt wechselten {vol} Anteilsscheine den Besitzer.|Analysten "
    "schätzen den Gewinn je Aktie für das laufende Jahr auf {p7} Euro.|Am {n4}. {monat} hatte {firm} Zahlen für das "
    "abgelaufene Quartal vorgelegt.|Der Umsatz stieg um {n1} Prozent auf {p4} Millionen Euro, nach {p5} Millionen Euro im "
    "Vorjahr.|Die Dividende soll nach Schätzung der Experten bei {p8} Euro liegen.",
    "{firm} Aktie am {tag} im Plus",
)
JAPANESE_NOTE = (
    "{kata}は{n4}日、{n5}月期の連結決算を発表した。|売上高は前年同期比{pct}%増の{vol}百万円、営業利益は{p1}億円だった。|"
    "純利益は{p2}億円で、従来予想の{p3}億円を上回った。|通期の業績予想は据え置いた。|1株当たり配当は{n2}円とする方針だ。|"
    "同日の株価終値は前日比{n1}円高の{n3}円だった。",
    "{kata}、純利益{p2}億円に",
)
CHINESE_NOTE = (
    "{han}今日公布截至{n5}月的季度业绩。|公司实现营业收入{p1}亿元，同比增长{pct}%。|归属于上市公司股东的净利润为{p2}亿元，"
    "同比增长{p5}%。|基本每股收益为{p7}元。|公司表示，将继续加大研发投入，提升产品竞争力。|截至收盘，该股报{p3}元，成交额{p4}亿元。",
    "{han}季度净利润同比增长{p5}%",
)
LETTER = (
    "Welcome to the {city} Weekly, our letter for people who work in {sector}.|This week our reporters looked at the {sector} "
    "plans of {firm}, and asked {person} what comes next.|Further down, {other} explains itself and {bank} takes stock.|"
    "Thank you for reading.|Forward this letter to a friend, tell us what you think, or change how often you hear from us.|"
    "You receive this letter because you subscribed to the {city} Weekly.|Unsubscribe at any time in your account.",
    "The Weekly: {sector} and {firm}",
)
FAMILIES = {
    "stock notes": STOCK_NOTE, "market summaries": MARKET, "releases": RELEASE, "quakes": QUAKE, "rates": RATES,
    "german notes": GERMAN_NOTE, "japanese notes": JAPANESE_NOTE, "chinese notes": CHINESE_NOTE,
}  # fmt: skip
TEMPLATES = {**FAMILIES, "letters": LETTER}
KATAKANA = "アイウエカキクケコサシスセタチツテトナニノハヒフホマミムメモヤユヨラリルレロワ"
HAN = "华新东海天安国中信达力星宏远方成宝金龙泰盛联科瑞恒光明亚通利兴业长江南山北辰"


def filled(family: str, source: random.Random) -> tuple[str, list[str]]:
    """A title and sentences, filled in anew."""
    text, title = TEMPLATES[family]
    ups = source.random() < 0.5
    values = {
        "firm": v.firm(source), "other": v.firm(source), "bank": v.name(source), "person": v.person(source),
        "ticker": "".join(source.choices("ABCDEFGHKLMNPRSTVWX", k=3)), "city": v.name(source), "role": source.choice(v.ROLES),
        "product": f"{v.name(source)} {source.randint(2, 9)}", "sector": source.choice(v.SECTORS), "day": source.choice(v.DAYS),
        "month": source.choice(v.MONTHS), "way": "higher" if ups else "lower", "moved": "gained" if ups else "lost",
        "moved2": source.choice(["added", "shed"]), "pct": f"{source.randint(0, 9)}.{source.randint(1, 9)}",
        "vol": f"{source.randint(101, 999)},{source.randint(100, 999)}", "vol2": f"{source.randint(11, 99)},{source.randint(100, 999)}",
        "clock": f"{source.randint(5, 11)}:{source.randint(10, 59)}",
        "tag": source.choice(v.words("Montag Dienstag Mittwoch Donnerstag Freitag")),
        "monat": source.choice(v.words("Januar Februar März April Mai Juni Juli August")),
        "kata": "".join(source.choices(KATAKANA, k=source.randint(3, 5))), "han": "".join(source.choices(HAN, k=4)) + "股份",
    }  # fmt: skip
    values |= {f"p{i}": f"{source.randint(1, 320)}.{source.randint(10, 99)}" for i in range(1, 11)}
    values |= {f"n{i}": str(source.randint(2, 98)) for i in range(1, 6)}
    return title.format(**values), [sentence.format(**values) for sentence in text.split("|")]
