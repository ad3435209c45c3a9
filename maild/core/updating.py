"""An update to the contact at its time: the owner's own line, or an honest word without one."""

from maild.core.course import Course
from maild.core.mails import Order
from maild.model.events import UpdateSent
from maild.model.playbook import Deadline, Role, Update, text_in


def send_update(course: Course, spec: Deadline, update: Update) -> None:
    """The mail that is due: with the line that was given; else, a few times in a row, one without."""
    line = course.case.progress.line(spec.name)
    title = ("deadline_title", text_in(spec.title, course.world.mailbox.language))
    reason = f"{spec.name} is due ({spec.place})"
    if line:
        values = (("text", line), title)
        order = Order(template=update.template, to=Role.CONTACT, ordinal=0, reason=reason, values=values)
    elif course.case.progress.empty_updates(spec.name) < update.at_most:
        order = Order(template=update.otherwise, to=Role.CONTACT, ordinal=0, reason=reason, values=(title,))
    else:
        reason = f"{update.at_most} without a word in a row ({spec.place})"
        order = Order(
            template=update.then_template, to=update.then, ordinal=0, reason=reason, values=(title,)
        )
    course.send(order)
    course.record(UpdateSent(name=spec.name, line=line))
