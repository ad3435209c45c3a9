"""A changed set tried on the archive: exactly what would be different, and nothing is changed by it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from maild.app.backtest import Count, Moved, Sides, Totals, Watcher, backtest
from maild.app.configuration import Configuration, load_configuration
from maild.app.importing import import_messages
from maild.app.stored_sets import StoredPlaybooks, by_kind
from maild.settings import load_settings
from tests.sim.purchasing import QUOTATIONS, RULE, SUPPLIER, edited_copy, receive, receive_old_mail
from tests.sim.rig import Rig, Running, a_mail


@pytest.fixture
def rig(tmp_path: Path, url: str) -> Rig:
    """On SQLite and on PostgreSQL alike."""
    return Rig(tmp_path, overrides={"database_url": url})


@pytest.fixture
def maild(rig: Rig) -> Iterator[Running]:
    with rig.running() as running:
        yield running


@dataclass
class Found:
    """What a back-test told."""

    moved: list[Moved] = field(default_factory=list)
    progress: list[tuple[int, int]] = field(default_factory=list)


def try_set(
    maild: Running, changed: Path, against: Path | None = None, since: datetime | None = None
) -> tuple[Totals, Found]:
    found = Found()
    watcher = Watcher(
        on_moved=found.moved.append, on_progress=lambda done, total: found.progress.append((done, total))
    )
    sides = Sides(changed=_loaded(changed), against=_loaded(against) if against else None)
    return backtest(maild.context, sides, since=since, watcher=watcher), found


def _loaded(folder: Path) -> Configuration:
    return load_configuration(load_settings(folder / "maild.toml", {"MAILD_SERVICE_PASSWORD": "x"}))


def _differing(totals: Totals) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (one.aspect, one.value): (one.before, one.after) for one in totals.counts if one.before != one.after
    }


def _edit(folder: Path, file: str, right: str, wrong: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert right in text
    (folder / file).write_text(text.replace(right, wrong, 1), "utf-8")


def test_quotations_of_a_new_supplier_would_have_moved_to_purchasing(maild: Running) -> None:
    receive_old_mail(maild)
    before = maild.cases(), maild.outbox()
    totals, found = try_set(maild, edited_copy(maild.rig.config))
    assert (totals.tested, totals.changed, totals.undecided, totals.homeless) == (26, QUOTATIONS, 0, 0)
    assert [one.message_id for one in found.moved] == [
        f"{number}@old.example" for number in range(QUOTATIONS)
    ]
    first = found.moved[0]
    assert (first.subject, first.case_number) == ("第0批法兰报价", "C-2026-00001")
    assert first.changed == ("kind", "stage", "templates")
    assert (first.before.kind, first.before.stage, first.before.templates) == (
        "request",
        "open",
        ("acknowledgement",),
    )
    assert (first.after.kind, first.after.stage, first.after.templates) == ("purchasing", "asked", ())
    assert first.before.rules == ()
    assert first.after.rules == ("quotations of Hongda go to purchasing (rules/00-suppliers.yaml:2:5)",)
    assert _differing(totals) == {
        ("kind", "purchasing"): (0, 12),
        ("kind", "request"): (23, 11),
        ("stage", "asked"): (0, 12),
        ("stage", "open"): (23, 11),
        ("templates", "acknowledgement"): (23, 11),
        ("templates", "none"): (3, 15),
    }
    assert Count(aspect="fate", value="archived", before=3, after=3) in totals.counts
    assert found.progress == [(done, 26) for done in range(1, 27)]
    assert (maild.cases(), maild.outbox()) == before


def test_a_new_supplier_by_the_steps_of_the_documents(maild: Running) -> None:
    """docs/rules.md, "A new supplier, step by step", in a copy as "Trying a change on old mail" says."""
    receive_old_mail(maild)
    folder = maild.rig.config.with_name("config-new")
    copytree(maild.rig.config, folder)
    _edit(folder, "people.yaml", "departments: []", "departments: [purchasing]")
    _edit(folder, "lists/suppliers.yaml", "entries:\n", "entries:\n  - hongda.example\n")
    _edit(folder, "rules/supplier.yaml", "# department: purchasing #", "department: purchasing #")
    totals, found = try_set(maild, folder)
    assert (totals.tested, totals.changed) == (26, QUOTATIONS)
    assert [one.message_id for one in found.moved] == [
        f"{number}@old.example" for number in range(QUOTATIONS)
    ]
    assert {(one.before.kind, one.after.kind, one.after.department) for one in found.moved} == {
        ("request", "quotation", "purchasing")
    }
    assert {one.after.rules for one in found.moved} == {
        ("quotations of suppliers (rules/supplier.yaml:4:5)",)
    }
    assert _differing(totals)["department", "purchasing"] == (0, 12)


def test_the_same_set_changes_nothing(maild: Running) -> None:
    receive_old_mail(maild)
    totals, found = try_set(maild, maild.rig.config)
    assert (totals.tested, totals.changed, found.moved) == (26, 0, [])
    assert _differing(totals) == {}


def test_against_another_set_only_the_edit_counts(maild: Running) -> None:
    receive_old_mail(maild)
    changed = edited_copy(maild.rig.config)
    assert try_set(maild, changed, against=changed)[0].changed == 0
    totals, _ = try_set(maild, maild.rig.config, against=changed)
    assert _differing(totals)["kind", "purchasing"] == (12, 0)


def test_answers_go_with_the_case_that_they_joined(maild: Running) -> None:
    receive(maild, SUPPLIER, "法兰报价", 1)
    receive(maild, SUPPLIER, "回复: 法兰", 2, References="<1@old.example>")
    totals, found = try_set(maild, edited_copy(maild.rig.config))
    assert [(one.after.fate, one.changed) for one in found.moved] == [
        ("opened", ("kind", "stage", "templates")),
        ("joined", ("kind",)),
    ]
    assert found.moved[1].after.rules == found.moved[0].after.rules
    assert totals.changed == 2


def test_where_a_case_is_not_opened_its_answers_are_decided_on_anew(maild: Running) -> None:
    receive(maild, SUPPLIER, "法兰报价", 1)
    receive(maild, SUPPLIER, "回复: 法兰投诉", 2, References="<1@old.example>")
    receive(maild, SUPPLIER, "回复: 谢谢", 3, References="<2@old.example>")
    folder = edited_copy(maild.rig.config)
    _edit(folder, "rules/00-suppliers.yaml", "{kind: purchasing, stop: true}", "{archive: true, stop: true}")
    _, found = try_set(maild, folder)
    assert [(one.before.fate, one.after.fate, one.after.kind) for one in found.moved] == [
        ("opened", "archived", ""),
        ("joined", "opened", "complaint"),
        ("joined", "joined", "complaint"),
    ]


def test_mail_that_was_archived_would_have_opened_a_case(maild: Running) -> None:
    receive(maild, SUPPLIER, "报价通讯", 1, List_Id="<news.hongda.example>")
    rule = RULE.replace("automatic: none", "automatic: list")
    _, found = try_set(maild, edited_copy(maild.rig.config, rule=rule))
    (moved,) = found.moved
    assert (moved.case_number, moved.changed) == (None, ("fate", "kind", "priority", "stage"))
    assert (moved.before.fate, moved.after.fate, moved.after.priority) == ("archived", "opened", "normal")


def test_a_playbook_that_changed_is_held_against_the_one_of_then(maild: Running) -> None:
    receive(maild, "li@customer.example", "询价", 1)
    folder = edited_copy(maild.rig.config)
    _edit(folder, "playbooks/customer.yaml", "stages: [open,", "stages: [fresh, open,")
    _, found = try_set(maild, folder)
    assert [(one.changed, one.before.stage, one.after.stage) for one in found.moved] == [
        (("stage",), "open", "fresh")
    ]


def test_a_set_that_cannot_be_read_again_gives_way_to_the_one_that_is_tried(maild: Running) -> None:
    playbooks = maild.context.configuration.playbooks
    found = maild.context.store.read(lambda conn: StoredPlaybooks(conn, playbooks).of("0" * 64))
    assert found == by_kind(playbooks)


def test_since_leaves_out_what_is_older(maild: Running) -> None:
    receive(maild, SUPPLIER, "法兰报价", 1)
    maild.rig.clock.advance(timedelta(days=100))
    receive(maild, SUPPLIER, "回复: 法兰", 2, References="<1@old.example>")
    receive(maild, SUPPLIER, "新报价", 3)
    since = maild.context.clock.now() - timedelta(days=90)
    totals, found = try_set(maild, edited_copy(maild.rig.config), since=since)
    assert (totals.tested, [one.message_id for one in found.moved]) == (2, ["3@old.example"])


def test_imported_mail_is_counted_and_left_out(maild: Running) -> None:
    for _ in import_messages(maild.context, "service", iter([a_mail(SUPPLIER, "报价")])):
        pass
    totals, _ = try_set(maild, edited_copy(maild.rig.config))
    assert (totals.tested, totals.undecided) == (0, 1)


def test_a_mailbox_that_has_gone_is_told(maild: Running) -> None:
    receive(maild, SUPPLIER, "法兰报价", 1)
    folder = edited_copy(maild.rig.config)
    _edit(folder, "maild.toml", 'name = "service"', 'name = "sales"')
    totals, _ = try_set(maild, folder)
    assert (totals.tested, totals.homeless) == (0, 1)
