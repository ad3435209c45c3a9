"""`python -m tests.soak.fuzz_reader SEEDS... -libfuzzer_option=...`: the reader, fuzzed by coverage.

Each input is read as a mail with its bulk cut out and with it left in, which must agree; its record must
go into JSON, and the smaller readers get it too. What raises, hangs or takes too much memory ends the
run; libFuzzer keeps the input as a file (its option `artifact_prefix`).
"""

import json
import sys

import atheris

with atheris.instrument_imports(include=["maild", "mailparser", "email", "html", "flufl", "tnefparse"]):
    from maild.parsers import charset, message, quote, record, subject

_LABELS = ("", "utf-8", "gb2312", "big5", "iso-2022-jp", "koi8-r", "us-ascii", "y")


def one_input(data: bytes) -> None:
    """Read one input in every way.

    Raises:
        AssertionError: two readings that must agree do not.
    """
    _read_as_mail(data)
    _read_as_text(data)


def _read_as_mail(data: bytes) -> None:
    cut, whole = message.read(data), message.read(data, cut=False)
    if cut != whole:
        raise AssertionError("cutting out the bulk changed what was read")
    message.arrived_at(data)
    json.dumps(record.to_record(cut, "fuzz.eml"), ensure_ascii=False).encode("utf-8")


def _read_as_text(data: bytes) -> None:
    label = _LABELS[len(data) % len(_LABELS)]
    text, _ = charset.decode(data, label, _LABELS[1:3])
    text.encode("utf-8")
    quote.split(text)
    base = subject.base_subject(text)
    if subject.base_subject(base) != base:
        raise AssertionError("the base of a base subject differs from it")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
