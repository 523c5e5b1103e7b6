"""python -m app styles: draws the styles in which a run can learn to read digits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.ending import fail

_OF_EACH, _SIDE, _TEXT = 10, 60, 230


def styles(
    picture: Annotated[Path, typer.Argument(help="The PNG to write.")],
    seed: Annotated[int, typer.Option(help="Seeds the drawings.")] = 0,
) -> None:
    """Draws ten digits in each style of data/styles, a row each."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    from app.data.mnist import DataError
    from app.data.pens import SIZES, WIDTHS, draw
    from app.data.styles import draw_style, read_styles

    rng, font = np.random.default_rng(seed), ImageFont.load_default(13)
    try:
        found = read_styles()
        sheet = Image.new("L", (_TEXT + _OF_EACH * _SIDE, len(found) * _SIDE), 255)
        for row, style in enumerate(found):
            place = (8, row * _SIDE + _SIDE // 2)
            ImageDraw.Draw(sheet).text(place, style.name, fill=0, font=font, anchor="lm")
            for column in range(_OF_EACH):
                drawn = draw(draw_style(style, rng), rng.uniform(*WIDTHS), rng.uniform(*SIZES), rng)
                sheet.paste(drawn.resize((_SIDE, _SIDE)), (_TEXT + column * _SIDE, row * _SIDE))
        sheet.save(picture)
    except (DataError, OSError, ValueError) as error:
        fail(str(error))
    typer.echo(f"{picture}: {len(found)} styles, {_OF_EACH} drawings of each")
