# ruff: noqa: E501 - running text
"""News in German, where every noun has a capital, and in Japanese and Chinese, which put no spaces between words."""

import random

from tests.stories.generator import vocabulary as v
from tests.stories.generator.templates import HAN, KATAKANA

__all__ = ["LANGUAGES", "foreign"]

GERMAN = (
    "{firm} übernimmt {other} für {a} Millionen Euro, wie der Konzern am {tag} in {stadt} mitteilte.",
    "Der {beruf} von {firm}, {person}, sprach von einem {adj}en {nomen} für die {branche}.",
    "Mit dem {nomen} will das Unternehmen {b} Prozent der {nomen2} einsparen.",
    "In {stadt} arbeiten {c} Menschen für {other}, die {nomen} gilt dort als {adj}.",
    "Die {branche} leidet seit {jahr} unter einer {adj}en {nomen2}, und der {nomen} hat das noch verschärft.",
    "Nach Angaben von {dritte} lag der Umsatz zuletzt bei {d} Milliarden Euro und damit {b} Prozent unter dem Vorjahr.",
    "Gewerkschaften warnten vor dem Verlust von {e} Stellen und nannten die {nomen2} {adj}.",
    "„Wir haben diese {nomen2} lange geprüft“, sagte {person} vor Journalisten in {stadt}.",
    "Ob die Behörden dem {nomen} zustimmen, ist nach Einschätzung von {dritte} {adj}.",
    "Die Aktie von {firm} gab um {f} Prozent nach, die von {other} legte um {b} Prozent zu.",
    "Für die Region ist das ein {adj}er {nomen}, denn ohne die {nomen2} fehlt ihr der {nomen}.",
    "Kritiker halten den {nomen} für {adj} und verweisen auf die {nomen2} der vergangenen Jahre.",
    "Der {nomen} soll bis {monat} abgeschlossen sein, die {nomen2} beginnt aber schon früher.",
    "Zuvor war ein {adj}er {nomen} an der {nomen2} gescheitert, die niemand mehr tragen wollte.",
    "Im Werk soll künftig eine {adj}e {nomen2} entstehen, in die {g} Millionen Euro fließen.",
    "Weder {dritte} noch {person} wollten sich zu der {nomen2} äußern.",
)
GERMAN_WORDS = {
    "nomen": "Vertrag Streit Abbau Umbau Plan Verkauf Kauf Bericht Antrag Zuschlag Auftrag Rückgang Anstieg Vorschlag Beschluss Ausstieg Einstieg Vergleich Prozess Verlust Gewinn Bedarf Mangel Vorstoß Kurs Wechsel Rückzug Entwurf",
    "nomen2": "Lieferung Förderung Nachfrage Produktion Klage Steuer Prüfung Beteiligung Fabrik Anlage Kette Leitung Regelung Strafe Belastung Verwaltung Debatte Krise Einigung Planung Forschung Finanzierung Werbung Sanierung Zulassung",
    "adj": "schwierig wichtig teuer langwierig umstritten dringend riskant überraschend notwendig voreilig mutig günstig fraglich sinnvoll heikel dauerhaft brüchig knapp",
    "branche": "Stahlbranche Chemieindustrie Autobranche Baubranche Textilindustrie Schifffahrt Landwirtschaft Windkraft Papierindustrie Glasindustrie",
    "beruf": "Vorstandschef Finanzchef Sprecher Aufsichtsratschef Betriebsratschef Werksleiter",
    "tag": "Montag Dienstag Mittwoch Donnerstag Freitag",
    "monat": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
GERMAN_SAME = {
    "mitteilte": "bekanntgab", "sagte": "erklärte", "Unternehmen": "Konzern", "Menschen": "Beschäftigte", "seit": "bereits seit",
    "lange": "gründlich", "warnten": "mahnten", "Stellen": "Arbeitsplätzen", "zuletzt": "im vergangenen Jahr", "künftig": "später",
    "Behörden": "Aufsichtsbehörden", "schon": "bereits", "Kritiker": "Gegner", "Angaben": "Auskunft",
}  # fmt: skip
JAPANESE = (
    "{kata}は{c}日、{kata2}を約{a}億円で買収すると発表した。",
    "両社は{m}月までに{n1}の{n2}をまとめ、{n3}を進める方針だ。",
    "{kata}の{han}社長は記者会見で「{n1}は{n2}にとって大きな一歩だ」と述べた。",
    "{n1}をめぐっては、{kata3}も{b}億円の{n2}を検討していたが、{n3}が折り合わなかった。",
    "{n2}への影響は避けられず、{d}人の{n1}が対象になる見通しだ。",
    "関係者によると、{n3}の{n1}には{m}カ月程度かかるという。",
    "{han2}県の工場では{e}台の{n1}が止まり、{n2}の遅れが広がっている。",
    "{kata2}の{n3}は前年に比べて{f}%減り、{n2}の立て直しが課題となっていた。",
    "一方で、{n1}に慎重な声もあり、{n2}の行方は{n3}次第となりそうだ。",
    "市場では{n2}を評価する見方が広がり、株価は一時{f}%上昇した。",
    "政府は{n1}の{n3}を支援するため、{b}億円の予算を盛り込んだ。",
    "専門家は「{n3}だけでは{n1}の問題は解決しない」と指摘する。",
)
JAPANESE_NOUNS = v.words(
    "物流 半導体 契約 投資 供給 生産 雇用 設備 技術 市場 輸出 電力 規制 再編 競争 価格 需要 研究 人材 環境 安全 通信 金融 農業 素材 在庫 調達 販売"
)
JAPANESE_SAME = {
    "発表した": "明らかにした",
    "述べた": "語った",
    "指摘する": "話す",
    "進める": "急ぐ",
    "広がり": "強まり",
    "避けられず": "大きく",
    "約": "およそ",
    "大きな": "重要な",
}
CHINESE = (
    "{han}{c}日宣布，将以{a}亿元收购{han2}的全部股权。",
    "双方表示，交易预计在{m}月底前完成，届时{n1}和{n2}业务将合并。",
    "{han}董事长在发布会上说，此次{n1}对{n2}具有重要意义。",
    "据知情人士透露，{han3}也曾提出{b}亿元的报价，但因{n3}问题未能达成一致。",
    "分析认为，{n2}的{n1}仍面临不少困难，{n3}压力较大。",
    "公司在{han2}的工厂共有{d}名员工，{n1}停产已经持续{e}天。",
    "去年该公司{n2}收入下降{f}%，{n3}成为亏损的主要原因。",
    "监管部门要求其在{m}个月内提交{n1}方案，并说明{n3}情况。",
    "受此消息影响，股价盘中一度上涨{f}%，{n2}板块也随之走强。",
    "业内人士指出，{n3}不足是{n1}行业长期存在的问题。",
    "当地政府表示将为{n2}提供{b}亿元资金，以稳定{n1}。",
    "目前，{n1}的进展取决于{n3}能否按时到位。",
)
CHINESE_NOUNS = v.words(
    "物流 芯片 合同 投资 供应 生产 就业 设备 技术 市场 出口 电力 监管 重组 竞争 价格 需求 研发 人才 环保 安全 通信 金融 农业 材料 库存 采购 销售"
)
CHINESE_SAME = {
    "宣布": "对外公布",
    "表示": "称",
    "指出": "认为",
    "困难": "挑战",
    "重要意义": "积极作用",
    "目前": "截至目前",
    "主要原因": "首要因素",
}
LANGUAGES = ("german", "japanese", "chinese")


def foreign(language: str, source: random.Random, size: int) -> tuple[str, list[str], dict[str, str]]:
    """A title, sentences, and what a light paraphrase replaces."""
    values = {letter: str(source.randint(11, 989)) for letter in "abcdefg"} | {"m": str(source.randint(1, 12))}
    frames: tuple[str, ...]
    if language == "german":
        values |= {
            "firm": v.name(source), "other": v.name(source), "dritte": v.name(source), "person": v.person(source),
            "stadt": v.name(source), "jahr": str(source.randint(2012, 2024)),
        }  # fmt: skip
        pools = {key: words.split() for key, words in GERMAN_WORDS.items()}
        frames, same = GERMAN, GERMAN_SAME
        title = (
            f"{values['firm']} {source.choice(['kauft', 'plant', 'stoppt', 'prüft'])} {source.choice(pools['nomen'])}"
        )
    else:
        values |= {f"kata{i}": "".join(source.choices(KATAKANA, k=source.randint(3, 6))) for i in ("", 2, 3)}
        values |= {f"han{i}": "".join(source.choices(HAN, k=2 if language == "japanese" else 4)) for i in ("", 2, 3)}
        nouns = JAPANESE_NOUNS if language == "japanese" else CHINESE_NOUNS
        pools = {f"n{i}": nouns for i in (1, 2, 3)}
        frames, same = (JAPANESE, JAPANESE_SAME) if language == "japanese" else (CHINESE, CHINESE_SAME)
        verb = source.choice(nouns)
        title = (
            f"{values['kata']}、{values['kata2']}の{verb}で合意"
            if language == "japanese"
            else f"{values['han']}拟收购{values['han2']}{verb}业务"
        )
    rows = [frames[0], *source.sample(frames[1:], min(size, len(frames) - 1))]
    return title, [_filled(source, row, values, pools) for row in rows], same


def _filled(source: random.Random, frame: str, values: dict[str, str], pools: dict[str, list[str]]) -> str:
    chosen = {key: source.choice(pool) for key, pool in pools.items()}
    return frame.format(**{**chosen, **values})
