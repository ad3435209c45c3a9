"""Jinja for mail: what a template may say, and how it is filled in.

The sandbox keeps a template from reaching into Python; a variable that does not exist is an error. A
template is checked when it is loaded, by filling it in on trial: nobody learns of a mistake from a customer.
"""

import traceback
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from maild.errors import Problem
from maild.mistakes import nearest
from maild.model.rendering import Lines, MailValues
from maild.render.front_matter import TemplateSource
from maild.render.literal import hide, lay_out, one_line

VARIABLES = tuple(field.name for field in fields(MailValues))

FAILURES = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a template can raise: its own errors, and those of the expressions in it."""

LONGEST_SUBJECT = 200  # characters: Outlook keeps 255 of a subject, and a reply adds to it

# They would hide a value that is hidden already, or read other files.
CAPTURING = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock)
LOADING = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block)

TRIAL = MailValues(
    company_name="示例公司",
    mailbox_name="客户服务",
    mailbox_address="service@example.com",
    contact_name="王强",
    case_number="KF-2026-00001",
    case_subject="*Order* <1>",
    received_at="2026-09-30 16:40",
    text=Lines("第一行\n*第二行*"),
    mistake="没有正文",
    message_from="王强 <wang@customer.example>",
    message_subject="*Order* <1>",
    message_text=Lines("第一行\n*第二行*"),
    plan=Lines("1. 更换*部件*（王强，2026-10-12）"),
    deadline_title="初步响应",
    deadline_due="2026-10-08 18:00",
)


def _environment(finalize: object) -> ImmutableSandboxedEnvironment:
    # Not HTML but Markdown is written here: `finalize` keeps values literal, nh3 cleans the HTML made of it.
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=finalize, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.globals.clear()  # no range, no lipsum: a template has the documented variables, no more
    return environment


_BODY = _environment(hide)
_SUBJECT = _environment(lambda value: one_line(str(value)))


def fill_body(source: TemplateSource, values: MailValues) -> str:
    """The body as Markdown, values hidden (literal.hide). Raises: one of FAILURES."""
    return lay_out(_compiled(_BODY, source.body).render(asdict(values)))


def fill_subject(source: TemplateSource, values: MailValues) -> str:
    """The subject on one line, at most 200 characters. Raises: one of FAILURES."""
    filled = one_line(_compiled(_SUBJECT, source.subject).render(asdict(values)))
    return filled if len(filled) <= LONGEST_SUBJECT else filled[: LONGEST_SUBJECT - 1] + "…"


@lru_cache(maxsize=1024)
def _compiled(environment: ImmutableSandboxedEnvironment, text: str) -> Template:
    return environment.from_string(text)


def problems_of(source: TemplateSource) -> tuple[Problem, ...]:
    """Every mistake in the subject and the body, with its line in the file."""
    subject = tuple(_problems(source, source.subject, source.lines["subject"]))
    body = tuple(_problems(source, source.body, 1))
    return subject + body or tuple(_on_trial(source))


def _problems(source: TemplateSource, text: str, first_line: int) -> Iterator[Problem]:
    """Mistakes that can be seen without filling in."""
    try:
        _BODY.compile(text)
    except TemplateSyntaxError as mistake:
        yield source.problem(mistake.message or "this cannot be read", mistake.lineno + first_line - 1)
        return
    tree = _BODY.parse(text)
    unknown = meta.find_undeclared_variables(tree) - set(VARIABLES)
    for use in tree.find_all(nodes.Name):
        if use.name in unknown:
            what = f"there is no variable {use.name!r}"
            yield source.problem(what, use.lineno + first_line - 1, nearest(use.name, VARIABLES))
    for block in tree.find_all((*CAPTURING, *LOADING)):
        what = f"{type(block).__name__.lower()} cannot be used in a mail template"
        yield source.problem(what, block.lineno + first_line - 1, "use if, for and set")


def _on_trial(source: TemplateSource) -> Iterator[Problem]:
    """The first mistake that shows when it is filled in: all known, then as little as may be."""
    for values in (TRIAL, replace(TRIAL, contact_name="", case_subject="", message_subject="")):
        for fill, line in ((fill_subject, source.lines["subject"]), (fill_body, None)):
            try:
                filled = fill(source, values)
            except FAILURES as failure:
                yield source.problem(str(failure), line or _line_of(failure))
                return
            if not filled.strip():
                yield source.problem("nothing is left once it is filled in", line or source.lines["subject"])
                return


def _line_of(failure: BaseException) -> int | None:
    """Where in the template it failed; Jinja writes the template's own lines into the traceback."""
    frames = traceback.extract_tb(failure.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == "<template>"), None)
