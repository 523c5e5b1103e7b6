"""Log lines on standard error: one line a record, as JSON or as text for a terminal, and no secret in any.

An exception is logged by its type and where it was raised. Its message is left out, because it may quote what a client
sent: `int("...")` does, and so do Pydantic's models. The messages of OSError and SQLite quote nothing.

Uses the standard library, because python-json-logger writes NaN, which is not JSON, and the messages of exceptions.
"""

from __future__ import annotations

import contextlib
import json
import logging
import logging.config
import math
import re
import reprlib
import sqlite3
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

# Characters of one text: an address may be 64 KB long. The end of a traceback is kept, where it was raised.
_MAX_TEXT, _MAX_TRACEBACK = 1_000, 8_000
_MAX_CAUSES = 5
_QUOTES_NOTHING = (OSError, sqlite3.Error)
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}
# A login link may appear in other forms: as a path, percent-encoded, in a message.
_TOKEN = re.compile(r"(token(?:=|%(?:25)*3d)|bearer(?:\s|%20|\+)+)[^\s&\"\\]+", re.IGNORECASE)
_HIDDEN = "[hidden]"

_Value = str | int | float | None
# Never raises, whatever the object's own repr does.
_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = _MAX_TEXT
_encode = json.JSONEncoder(allow_nan=False).encode


class LineFormatter(logging.Formatter):
    """One line a record, without the secret, whatever the record holds.

    As JSON: an object with the time (UTC), level, logger, message, the fields of `extra`, and the exception as text.
    As text: the time (local), level and message, or a request's method, path, status and duration; and the exception.
    """

    def __init__(self, form: str = "json", secret: str = "") -> None:
        super().__init__()
        self._is_text, self._secret = form == "text", secret

    def format(self, record: logging.LogRecord) -> str:
        values: dict[str, _Value] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._clean(_message(record)),
        }
        for name, value in vars(record).items():
            if name not in _USUAL and name not in values:
                values[name] = self._clean(value)
        if record.exc_info and record.exc_info[1]:
            values["exception"] = self._clean(_described(record.exc_info[1]), _MAX_TRACEBACK)
        return self._as_text(record, values) if self._is_text else _encode(values)

    def _as_text(self, record: logging.LogRecord, values: dict[str, _Value]) -> str:
        message = values["message"]
        if values.keys() >= {"method", "path", "status", "seconds"}:
            message = "{method} {path} {status} {seconds:.3f} s".format_map(values)
        line = f"{self.formatTime(record, '%Y-%m-%d %H:%M:%S')} {record.levelname:<8} {message}"
        if "exception" in values:
            line += " | " + " | ".join(map(str.strip, str(values["exception"]).splitlines()))
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)

    def _clean(self, value: object, limit: int = _MAX_TEXT) -> _Value:
        """JSON's numbers unchanged; anything else as short text without the secret."""
        if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        text = value if isinstance(value, str) else _repr.repr(value)
        if self._secret:
            text = text.replace(self._secret, _HIDDEN)
        # Few texts have one of these words, and looking for them is much faster.
        lower = text.lower()
        return (_TOKEN.sub(rf"\1{_HIDDEN}", text) if "token" in lower or "bearer" in lower else text)[:limit]


class Once(logging.Filter):
    """Logs an exception once. uvicorn would log it again, without the request's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        is_logged = getattr(error, "_is_logged", False)
        with contextlib.suppress(AttributeError):
            error._is_logged = True  # type: ignore[attr-defined]
        return not is_logged


def config(form: str | None = None, secret: str = "") -> dict[str, Any]:
    """For `logging.config.dictConfig`, and uvicorn's `log_config`.

    `form` is "json" or "text"; None is text on a terminal and JSON elsewhere. No line holds the `secret`.
    """
    form = form or ("text" if sys.stderr.isatty() else "json")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "app.server.logs.LineFormatter", "form": form, "secret": secret}},
        "filters": {"once": {"()": "app.server.logs.Once"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["once"],
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        # They would log each request that is made, and each use of a connection.
        "loggers": {name: {"level": "WARNING"} for name in ("httpx", "psycopg.pool")},
    }


def configure(form: str | None = None) -> None:
    """Sets up the log of this process, including uncaught exceptions and Python's warnings."""
    logging.config.dictConfig(config(form))
    log_uncaught()


def log_uncaught() -> None:
    """Logs uncaught exceptions and warnings. A log that can't be written is no error."""
    logging.captureWarnings(True)
    logging.raiseExceptions = False
    sys.excepthook = _on_uncaught
    threading.excepthook = lambda left: _on_uncaught(left.exc_type, left.exc_value, left.exc_traceback)
    sys.unraisablehook = lambda left: _on_uncaught(left.exc_type, left.exc_value, left.exc_traceback)


def _on_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger("python").critical("Uncaught exception", exc_info=(kind, error, trace))


def _message(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except Exception:  # whatever str() of an argument raises
        message = str(record.msg)
    # After its first line asyncio describes the task, with what it raised.
    return message.partition("\n")[0] if record.name == "asyncio" else message.strip()


def _described(error: BaseException) -> str:
    """Its type and where it was raised, after its causes, the first cause first."""
    chain = [error]
    while len(chain) < _MAX_CAUSES and (before := _before(chain[-1])) is not None and before not in chain:
        chain.append(before)
    parts = []
    for link in reversed(chain):
        kind = type(link)
        name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        said = f"{name}: {link}" if isinstance(link, _QUOTES_NOTHING) else name
        parts.append("".join(traceback.format_tb(link.__traceback__)) + said)
        if isinstance(link, BaseExceptionGroup):
            parts += [_described(inner) for inner in link.exceptions[:_MAX_CAUSES]]
    return "\n".join(parts)[-_MAX_TRACEBACK:]


def _before(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)
