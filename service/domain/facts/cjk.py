"""Amounts in Chinese, Japanese and Korean: ``1兆2000億円``, ``5.2亿元``, ``3조 5000억 원``."""

import re
from collections.abc import Iterator

from service.domain.facts.fact import Money

__all__ = ["cjk_money"]

_SCALES = {
    "兆": 1e12, "조": 1e12, "億": 1e8, "亿": 1e8, "억": 1e8, "万": 1e4, "萬": 1e4, "만": 1e4, "千万": 1e7, "천만": 1e7,
    "百万": 1e6, "百亿": 1e10, "千亿": 1e11, "十亿": 1e9, "백만": 1e6,
}  # fmt: skip
_CURRENCIES = {
    "円": "JPY", "日元": "JPY", "日圆": "JPY", "엔": "JPY", "米ドル": "USD", "ドル": "USD", "美元": "USD",
    "美金": "USD",
    "달러": "USD", "ユーロ": "EUR", "欧元": "EUR", "유로": "EUR", "ポンド": "GBP", "英镑": "GBP", "파운드": "GBP",
    "人民元": "CNY", "人民币": "CNY", "元人民币": "CNY", "元": "CNY", "위안": "CNY", "ウォン": "KRW", "韩元": "KRW",
    "원": "KRW", "港元": "HKD", "新台币": "TWD", "新台幣": "TWD", "台幣": "TWD", "ルピー": "INR", "卢比": "INR",
}  # fmt: skip
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_CURRENCY = "|".join(sorted(_CURRENCIES, key=len, reverse=True))
_PART = rf"\d{{1,12}}(?:,\d{{3}}){{0,4}}(?:\.\d{{1,4}})?\s?(?:{_SCALE})"
_MONEY = re.compile(
    rf"(?<![\d.,])(?P<parts>{_PART}(?:\s?{_PART}){{0,2}})(?P<rest>\s?\d{{1,4}})?\s?(?P<currency>{_CURRENCY})"
)
_ONE = re.compile(rf"(?P<number>[\d.,]+)\s?(?P<scale>{_SCALE})")
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def cjk_money(text: str) -> Iterator[Money]:
    """Amounts with a scale and a currency; the bound is left exact."""
    if not _CJK.search(text):
        return
    for match in _MONEY.finditer(text):
        total = sum(
            float(part["number"].replace(",", "").rstrip(".") or 0) * _SCALES[part["scale"]]
            for part in _ONE.finditer(match["parts"])
        )
        total += float(match["rest"] or 0)
        yield Money(match.start(), match.end(), float(f"{total:.12g}"), _CURRENCIES[match["currency"]])
