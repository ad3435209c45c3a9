"""Where log lines go: standard error, one event a line, as text or as JSON."""

import json
import logging
from datetime import UTC, datetime

_OURS = ("event", "case", "case_id", "mailbox", "folder", "count", "outbox", "delivery", "message_key")
_QUIET = ("imapclient", "imaplib", "aiosmtplib", "apscheduler", "mailparser")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and what the event is about."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. Raises: nothing, for anything that was logged."""
        row: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        row.update({key: record.__dict__[key] for key in _OURS if record.__dict__.get(key) is not None})
        if record.exc_info:
            row["exception"] = self.formatException(record.exc_info)
        return json.dumps(row, ensure_ascii=False, default=str)


def set_up_logging(level: str, form: str) -> None:
    """Log to standard error; libraries that would log mail stay quiet below warnings."""
    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")
    handler.setFormatter(JsonFormatter() if form == "json" else text)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
