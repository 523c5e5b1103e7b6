"""One file that holds a network, draws, answers and learns, without a server: for a USB stick."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from typing import Any

from fastapi import Response
from markupsafe import Markup

from app.network import Network
from app.network.weights import Weights
from app.runs.evaluation import SURE_FROM
from app.settings import ROOT
from app.web.shared.modules import IMPORT, direct_imports
from app.web.shared.schemas import Problem
from app.web.shared.templating import rendered

# With more parameters the file would be larger than MAX_BYTES: in base64, a parameter is 16/3 bytes.
MAX_PARAMETERS, MAX_BYTES = 20_000, 150_000
_SMALLER = "Choose a smaller network, such as 784-16-16-10."
# Those in static/take-home/network.js.
ACTIVATIONS, COSTS = {"sigmoid", "relu", "leaky-relu"}, {"cross-entropy", "quadratic"}

# Of static/take-home, in the order in which a pupil reads them.
_MODULES = ("network", "normalise", "placement", "take-home")
_STATIC = ROOT / "static"
_DIGITS = list("0123456789")
# Types are for the checker: in a pupil's editor they would only be in the way.
_TYPES = re.compile(
    r"^ */\*\* @.*\*/\n"  # a comment that is only a type
    r"|/\*\* @[^*]*\*/ ?"  # the same within a line
    r"|^ *\*\n(?= *\* @)"  # the empty line before the types of a function
    r"|^ *\* @.*\n(?: *\* {3,}\S.*\n)*",
    re.MULTILINE,
)
_SHORT_COMMENT = re.compile(r"/\*\*\n *\* (.{1,110})\n *\*/")
_EMPTY_COMMENT = re.compile(r"^ */\*\*\n *\*/\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=async |class |const |function |let )", re.MULTILINE)

TAKE_HOME: dict[int | str, dict[str, object]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}},
    422: {"model": Problem, "description": "The network is too large, or of a kind that the file does not know"},
}


class TakeHomeError(Exception):
    """The network can't be taken home; the message says why, and what to do."""


def take_home(weights: Weights, held: str, name: str) -> Response:
    """The file, to be saved as `name` with the network's version. `held` says in it which network it holds.

    Raises TakeHomeError for a network that is too large, or whose activation or cost the file does not know.
    """
    _check(weights.network, held)
    content = _page(weights, held).encode()
    if len(content) > MAX_BYTES:
        # Only with long names of classes.
        raise TakeHomeError(f"The file would have {len(content):,} bytes, more than {MAX_BYTES:,}. {_SMALLER}")
    tag = hashlib.sha256(content).hexdigest()[:32]
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{weights.version}.html"',
        "ETag": f'W/"{tag}"',  # weak, since a middleware may compress the response
    }
    return Response(content, media_type="text/html; charset=utf-8", headers=headers)


def _check(network: Network, held: str) -> None:
    if network.parameters.size > MAX_PARAMETERS:
        raise TakeHomeError(
            f"{held[0].upper()}{held[1:]} has {network.parameters.size:,} parameters. A file to take home holds at most"
            f" {MAX_PARAMETERS:,}. {_SMALLER}"
        )
    for kind, name, known in (
        ("activation", network.activation.name, ACTIVATIONS),
        ("cost", network.cost.name, COSTS),
    ):
        if name not in known:
            raise TakeHomeError(
                f"{held[0].upper()}{held[1:]} has the {kind} {name!r}, which a file to take home does not know. Choose"
                f" a network with one of {', '.join(sorted(known))}."
            )


def _page(weights: Weights, held: str) -> str:
    network, metadata = weights.network, weights.metadata
    names = json.loads(metadata.get("classes", "null")) or _DIGITS
    described: dict[str, Any] = {
        "sizes": network.sizes,
        "activation": network.activation.name,
        "cost": network.cost.name,
        "names": names,
        "sure_from": SURE_FROM,
        "accuracy": json.loads(metadata.get("accuracy", "null")),
        # Of each layer the weights of its first input, of its second, and so on, then its biases: 32-bit floats.
        "parameters": base64.b64encode(network.parameters.astype("<f4").tobytes()).decode(),
    }
    context = {
        "held": held,
        "title": f"{held[0].upper()}{held[1:]}, to take home",
        "version": weights.version,
        "digits": names == _DIGITS,
        "parameters": f"{network.parameters.size:,}",
        "style": _style(),
        "script": _script(),
        "network": described,
    }
    return rendered("shared/take-home.html", {**described, **context})


@functools.cache
def _style() -> Markup:
    """The colours of all pages, and the style of this one, in a line."""
    colours, _, _ = (_STATIC / "page/base.css").read_text().partition("*,\n*::before")
    style = colours + (_STATIC / "take-home/take-home.css").read_text()
    in_a_line = re.sub(r"(/\*.*?\*/|\s)+", " ", style).strip()
    return Markup(re.sub(r"([{}:;,]) ", r"\1", in_a_line))  # noqa: S704 - our own files


@functools.cache
def _script() -> Markup:
    """The modules joined, those with the mathematics first, without imports, exports and types."""
    modules: list[str] = []
    for module in _MODULES:
        _add(f"take-home/{module}.js", modules)
    return Markup("\n".join(_plain((_STATIC / module).read_text()) for module in modules))  # noqa: S704 - our own files


def _add(module: str, modules: list[str]) -> None:
    """Adds a module after those that it needs."""
    if module not in modules:
        for needed in direct_imports(module):
            _add(needed, modules)
        modules.append(module)


def _plain(module: str) -> str:
    text = _EMPTY_COMMENT.sub("", _TYPES.sub("", IMPORT.sub("", module)))
    text = _SHORT_COMMENT.sub(r"/** \1 */", text)
    return _EXPORT.sub("", re.sub(r"\n{3,}", "\n\n", text)).strip() + "\n"
