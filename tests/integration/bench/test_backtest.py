"""The back-test as a whole process over an archive that maild decided on."""

from pathlib import Path

from bench.backtest import RULES, filled, tried, with_more_rules


def test_every_message_is_tried(tmp_path: Path) -> None:
    config = filled(tmp_path, 20)
    changed = with_more_rules(config)
    assert (changed / "rules" / "00-tried.yaml").read_text("utf-8").count("- name:") == RULES
    one = tried(changed)
    assert one.tested == 20
    assert 0 <= one.changed < 20
    assert one.cost.cpu_s > 0
    assert tried(config).changed == 0
