"""A company that routes what a supplier writes to purchasing: the mail it has, the files it edits."""

from datetime import timedelta
from pathlib import Path
from shutil import copytree

from tests.sim.rig import Running, a_mail

SUPPLIER = "陈工 <chen@hongda.example>"
PURCHASING = """\
name: purchasing
version: "1"
number_prefix: P
kinds: [purchasing]
stages: [asked, ordered, closed]
closing_stages: [closed]
on: []
"""
RULE = """\
rules:
  - name: quotations of Hongda go to purchasing
    when:
      automatic: none
      from_domain: hongda.example
      base_subject: {contains: 报价}
    then: {kind: purchasing, stop: true}
"""
QUOTATIONS = 12


def receive(maild: Running, sender: str, subject: str, number: int, **headers: str) -> None:
    """One mail, a minute after the one before, settled."""
    named = {"Message_ID": f"<{number}@old.example>"} | headers
    maild.rig.imap.deliver(a_mail(sender, subject, f"第 {number} 封。", **named), maild.rig.clock.now())
    maild.poll()
    maild.process()
    maild.rig.clock.advance(timedelta(minutes=1))


def receive_old_mail(maild: Running) -> None:
    """12 quotations of Hongda, 5 other letters of theirs, 6 quotations of others, 3 newsletters of theirs."""
    for number in range(QUOTATIONS):
        receive(maild, SUPPLIER, f"第{number}批法兰报价", number)
    for number in range(5):
        receive(maild, SUPPLIER, f"第{number}批法兰已发货", 100 + number)
    for number in range(6):
        receive(maild, f"p{number}@customer.example", f"请报价 {number}", 200 + number)
    for number in range(3):
        receive(maild, SUPPLIER, f"{number}月通讯", 300 + number, List_Id="<news.hongda.example>")


def edited_copy(config: Path, *, rule: str = RULE) -> Path:
    """A copy beside the config folder, with a playbook for purchasing and a rule that leads to it."""
    folder = config.with_name("config-new")
    copytree(config, folder)
    (folder / "playbooks" / "purchasing.yaml").write_text(PURCHASING, "utf-8")
    (folder / "rules" / "00-suppliers.yaml").write_text(rule, "utf-8")
    return folder
