"""Where capitals, or their like in Japanese, Chinese and Korean, stand side by side: what may be a name."""

import re
from collections.abc import Iterable

__all__ = ["RUN", "runs"]

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽŸΑ-ΩА-Я"
_IN = "A-Za-z0-9À-ÖØ-öø-ÿĀ-ſΑ-ωА-я"
_WORD = (
    rf"(?:A/S(?!\w)|(?:[A-Z]\.){{2,5}}|(?<![{_IN}])(?:[a-z]{{1,2}}(?=[A-Z]))?[{_UP}][{_IN}]{{0,30}}"
    rf"(?:[&.+-](?=[{_IN}])[{_IN}]{{1,30}}){{0,3}}(?:'s(?=\s(?:Group|Inc|Corp|Holdings?|Co|Ltd|Plc)\b))?|(?<![{_IN}])\d(?=[A-Z])[A-Z]\w{{0,10}})"
)
RUN = re.compile(rf"{_WORD}(?:(?:\s(?:&|of\s(?:the\s)?|de\s|do\s|di\s)?\s?|\s?&\s?){_WORD}){{0,6}}")
_KANA = re.compile(
    "[ァ-ヴー・]{3,25}(?=(?:グループ|社)?[はがをとにへからの、(（。])|[가-힣]{1,8}(?:전자|그룹|은행|하이닉스|에너지)"
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,6}(?:公司|集团|銀行|银行|株式会社|電機|電力)")
_TOPIC = re.compile(r"(?:^|[。」]\s?)(?P<name>[一-龠々ァ-ヴーA-Za-z・&]{2,20})(?=は)")
_SITED = re.compile(
    r"(?P<name>[一-龠々ァ-ヴーA-Za-z・&]{2,20})(?=[(（](?:[一-龠]{2,4}[都道府県市区州]|東証|名証|本社|米|英|独|仏|韓国|中国|台湾))"
)
_NO_TOPIC = re.compile(
    r"(?:額|日|社長|価格|目的|予定|期間|比率|会社|同社|両社|当社|政府|今回|金額|費用|契約|株式|同国|規模|総額|内容|詳細|側|氏|者|業績|計画|買収|発表|合意|背景|理由|会長)$"
)
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_KANA_WORDS = frozenset(
    {
        "サーバー", "データ", "センター", "データセンター", "クラウド", "システム",
        "サービス", "リース", "レンタル", "ドル", "ユーロ", "ポンド",
        "パートナー", "プロジェクト", "ソフト", "プロセッサ", "プロセッサー", "メモリー",
        "サイト", "ニュース", "メディア", "ネットワーク", "プラットフォーム", "アナリスト",
        "ライバル", "メーカー", "オンライン", "モデル", "トップ", "インフラ",
        "メモリ", "チップ", "スタートアップ", "ベンチャー", "ファンド",
    }
)  # fmt: skip


def runs(text: str) -> Iterable[tuple[int, int]]:
    """(start, end) of each run of words with capitals, the other scripts' behind them."""
    yield from (run.span() for run in RUN.finditer(text))
    if _CJK.search(text):
        yield from (run.span() for run in _KANA.finditer(text) if run.group().strip("・") not in _KANA_WORDS)
        yield from (run.span() for run in _HAN.finditer(text))
        for pattern in (_TOPIC, _SITED):
            yield from (run.span("name") for run in pattern.finditer(text) if not _NO_TOPIC.search(run["name"]))
