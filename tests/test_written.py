"""Lines as CSV, batch by batch."""

import csv
import io

from service.written import CsvText, json_lines


def test_batches_are_one_table() -> None:
    text = CsvText()
    out = text.rows([]) + text.rows([{"a": 1, "b": [1]}]) + text.rows([])
    out += text.rows([{"a": 2, "b": None}, {"b": {}, "a": 3}])
    assert list(csv.reader(io.StringIO(out))) == [["a", "b"], ["1", "[1]"], ["2", ""], ["3", "{}"]]
    assert CsvText().rows([]) == ""


def test_every_line_of_json_lines_is_one() -> None:
    assert json_lines([{"a": "x\ny"}, {"a": "\u2028"}]) == '{"a": "x\\ny"}\n{"a": "\\u2028"}\n'
