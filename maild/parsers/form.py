"""A form answered by mail: `字段：值` against a list of fields, in any order, language and width.

What is written is kept or refused field by field; nothing is guessed, and what was right in a first mail
stays when a second one mends the rest.
"""

from collections.abc import Iterable
from datetime import date, tzinfo

from maild.model.forms import FieldSpec, FieldValue, FormReading, UnknownLabel, WrongField
from maild.model.sentence import Sentence
from maild.parsers import form_values
from maild.parsers.fold import letters
from maild.parsers.form_labels import Labels
from maild.parsers.form_pairs import Pair, pairs_of
from maild.parsers.form_values import Calendar

Specs = tuple[FieldSpec, ...]


def read(text: str, specs: Specs, today: date, zone: tzinfo) -> FormReading:
    """What the text says for each field; days are read by `today`, clock times in `zone`."""
    labels = Labels(specs)
    pairs, strange = pairs_of(text, labels)
    reading = reading_of(pairs, specs, Calendar(today=today, zone=zone))
    return FormReading(
        values=reading.values, missing=reading.missing, wrong=reading.wrong, unknown=_unknown(strange, labels)
    )


def reading_of(pairs: Iterable[Pair], specs: Specs, calendar: Calendar) -> FormReading:
    """The values of what was written for each field. What stands in a quotation counts where nothing else "
    "does."""
    written: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.text:
            written.setdefault(pair.name, []).append(pair)
    values: list[FieldValue] = []
    wrong: list[WrongField] = []
    for spec in specs:
        own = [pair for pair in written.get(spec.name, []) if not pair.quoted] or written.get(spec.name, [])
        if own:
            outcome = _field(own, spec, calendar)
            if isinstance(outcome, FieldValue):
                values.append(outcome)
            else:
                wrong.append(outcome)
    return _with_missing(tuple(values), tuple(wrong), specs)


def _field(pairs: list[Pair], spec: FieldSpec, calendar: Calendar) -> FieldValue | WrongField:
    text = pairs[0].text
    if len({letters(pair.text) for pair in pairs}) > 1:
        return WrongField(name=spec.name, text=text, said=_twice(pairs, spec))
    value = form_values.read(text, spec, calendar)
    if isinstance(value, Sentence):
        return WrongField(name=spec.name, text=text, said=value)
    return FieldValue(name=spec.name, text=text, value=value)


def _twice(pairs: list[Pair], spec: FieldSpec) -> Sentence:
    first, last = (" ".join(pair.text.split())[:40] for pair in (pairs[0], pairs[-1]))
    return Sentence(
        zh=f"“{spec.label('zh')}”填了不同的内容（“{first}”和“{last}”），请只留一个",
        en=f"{spec.label('en')!r} is filled in differently ({first!r} and {last!r}): leave one",
    )


def _with_missing(values: tuple[FieldValue, ...], wrong: tuple[WrongField, ...], specs: Specs) -> FormReading:
    there = {value.name for value in values} | {each.name for each in wrong}
    missing = tuple(spec.name for spec in specs if spec.required and spec.name not in there)
    return FormReading(values=values, missing=missing, wrong=wrong)


def _unknown(strange: list[str], labels: Labels) -> tuple[UnknownLabel, ...]:
    nearest = {label: labels.nearest(label) for label in strange}
    return tuple(UnknownLabel(label=label, nearest=name) for label, name in nearest.items() if name)


def merge(first: FormReading, second: FormReading, specs: Specs) -> FormReading:
    """Both readings as one: values of the second over the first, and what was right stays.

    A field that is wrong in the second keeps the value of the first, and stays wrong until it is written
    rightly; one that was wrong in the first is so no more when the second has a value for it.
    """
    values = {each.name: each for each in (*first.values, *second.values)}
    mended = {each.name for each in second.values}
    wrong = {each.name: each for each in first.wrong if each.name not in mended}
    wrong |= {each.name: each for each in second.wrong}
    order = [spec.name for spec in specs]
    merged = _with_missing(
        tuple(values[name] for name in order if name in values),
        tuple(wrong[name] for name in order if name in wrong),
        specs,
    )
    return FormReading(
        values=merged.values, missing=merged.missing, wrong=merged.wrong, unknown=second.unknown
    )
