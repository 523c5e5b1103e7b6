"""Log lines: each one JSON object on one line of standard error, whatever went into it, and no secret in any.

An exception is told by its kind and by where it was raised. Its message is left out, because it may quote what somebody
sent: `int("...")` does, and so does a model of Pydantic. The messages of the system and of the store quote nothing.

The standard library does it: python-json-logger writes NaN, which is no JSON, and the messages of exceptions.
"""

from __future__ import annotations

import contextlib
import json
import logging
import logging.config
import math
import re
import sqlite3
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

# Of one text so much is logged; an address may be 64 KB long. Of a traceback its end, where it was raised.
_MOST_TEXT, _MOST_TRACEBACK = 1_000, 8_000
_MOST_CAUSES = 5
_QUOTES_NOTHING = (OSError, sqlite3.Error)
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}
# A login link that came in a shape that is no login link: as a path, percent-encoded, in a message.
_TOKEN = re.compile(r"(token(?:=|%(?:25)*3d)|bearer(?:\s|%20|\+)+)[^\s&\"\\]+", re.IGNORECASE)
_HIDDEN = "[hidden]"

_encode = json.JSONEncoder(allow_nan=False).encode


class JsonFormatter(logging.Formatter):
    """A record as JSON: time (UTC), level, logger, message, what `extra` added, and the exception as text."""

    def __init__(self, secret: str = "") -> None:
        super().__init__()
        self._secret = _encode(secret)[1:-1]

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record)[:_MOST_TEXT],
        }
        for name, value in vars(record).items():
            if name not in _USUAL and name not in said:
                said[name] = value[:_MOST_TEXT] if isinstance(value, str) else value
        if record.exc_info and record.exc_info[1]:
            said["exception"] = _told(record.exc_info[1])
        try:
            line = _encode(said)
        except (ValueError, TypeError, RecursionError):
            line = _encode({name: _plain(value) for name, value in said.items()})
        if self._secret:
            line = line.replace(self._secret, _HIDDEN)
        # Hardly any line has one of these words, and to look for them takes a tenth of the time.
        lower = line.lower()
        return _TOKEN.sub(rf"\1{_HIDDEN}", line) if "token" in lower or "bearer" in lower else line


class Once(logging.Filter):
    """Lets an exception be told once: uvicorn tells again, without the request's id, what the app has told."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        is_told = getattr(error, "_is_logged", False)
        with contextlib.suppress(AttributeError):
            error._is_logged = True  # type: ignore[attr-defined]
        return not is_told


def config(secret: str = "") -> dict[str, Any]:
    """For `logging.config.dictConfig`, and uvicorn's `log_config`. `secret` is the text that no line may hold."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "app.server.logs.JsonFormatter", "secret": secret}},
        "filters": {"once": {"()": "app.server.logs.Once"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["once"],
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        # It would tell each request that the processes of one server ask of each other, or of another server.
        "loggers": {"httpx": {"level": "WARNING"}},
    }


def configure(secret: str = "") -> None:
    """Makes this process log as told above, with whatever nobody caught and what Python warns of."""
    logging.config.dictConfig(config(secret))
    catch_the_rest()


def catch_the_rest() -> None:
    """Makes log lines of exceptions that nobody caught and of warnings. A log that can't be written is no error."""
    logging.captureWarnings(True)
    logging.raiseExceptions = False
    sys.excepthook = _on_uncaught
    threading.excepthook = lambda left: _on_uncaught(left.exc_type, left.exc_value, left.exc_traceback)
    sys.unraisablehook = lambda left: _on_uncaught(left.exc_type, left.exc_value, left.exc_traceback)


def _on_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger("python").critical("Nobody caught this", exc_info=(kind, error, trace))


def _message(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except Exception:  # whatever str() of an argument raises
        message = str(record.msg)
    # After its first line asyncio describes the task, with what it raised.
    return message.partition("\n")[0] if record.name == "asyncio" else message.strip()


def _told(error: BaseException) -> str:
    """Where it was raised and of what kind it is, after what caused it, the first cause first."""
    chain = [error]
    while len(chain) < _MOST_CAUSES and (before := _before(chain[-1])) is not None and before not in chain:
        chain.append(before)
    parts = []
    for link in reversed(chain):
        kind = type(link)
        name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        said = f"{name}: {link}" if isinstance(link, _QUOTES_NOTHING) else name
        parts.append("".join(traceback.format_tb(link.__traceback__)) + said)
        if isinstance(link, BaseExceptionGroup):
            parts += [_told(inner) for inner in link.exceptions[:_MOST_CAUSES]]
    return "\n".join(parts)[-_MOST_TRACEBACK:]


def _before(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _plain(value: object) -> object:
    """What JSON can always hold: NaN and infinity as text, and so everything that is no text or number."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    try:
        return repr(value)[:_MOST_TEXT]
    except Exception:  # a repr may raise anything
        return type(value).__name__
