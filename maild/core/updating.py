"""An update to the contact at its time: the owner's own line, or an honest word without one."""

from maild.core.course import Course
from maild.core.mails import Order
from maild.model.events import UpdateSent
from maild.model.playbook import Deadline, Role, Update


def send_update(course: Course, spec: Deadline, update: Update) -> None:
    """The mail that is due: with the line that was given; else, a few times in a row, one without."""
    values: tuple[tuple[str, str], ...]
    line = course.case.progress.line(spec.name)
    texts = (("deadline_title", spec.title),)
    reason = f"{spec.name} is due ({spec.place})"
    if line:
        template, to, values = update.template, Role.CONTACT, (("text", line),)
    elif course.case.progress.empty_updates(spec.name) < update.at_most:
        template, to, values = update.otherwise, Role.CONTACT, ()
    else:
        reason = f"{update.at_most} without a word in a row ({spec.place})"
        template, to, values = update.then_template, update.then, ()
    course.send(Order(template=template, to=to, ordinal=0, reason=reason, texts=texts, values=values))
    course.record(UpdateSent(name=spec.name, line=line))
