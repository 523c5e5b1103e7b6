"""The drawings of a collection as a file: those of a room for its teacher, or the corrections for the admin."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np

from app.data.collection import image_of
from app.data.idx import packed
from app.store.collection_records import KEPT, CollectionStore

_README = """\
drawings.jsonl  all drawings that were not removed, one a line: strokes of points [x, y] in 0..1 of the sheet, y
                downwards; label, the digit that was meant; pupil, the number of who drew it in a room
images, labels  those with a label that do not wait for the teacher's word, as MNIST's files: 28x28, in IDX
pupils.json     who drew each of these; null for corrections
"""


def export_zip(store: CollectionStore, name: str) -> bytes:
    """A zip file of the collection's drawings: strokes as JSON lines, and its data set as IDX files."""
    drawings = [drawing for drawing in store.drawings(name) if drawing.status != "removed"]
    lines = [
        json.dumps({"id": one.id, "pupil": one.author, "label": one.label, "strokes": one.strokes}) for one in drawings
    ]
    chosen = [one for one in drawings if one.label is not None and one.status in KEPT]
    images = np.stack([image_of(one.strokes) for one in chosen]) if chosen else np.zeros((0, 28, 28), np.uint8)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("README.txt", _README)
        file.writestr("drawings.jsonl", "".join(f"{line}\n" for line in lines))
        file.writestr("images-idx3-ubyte", packed(images))
        file.writestr("labels-idx1-ubyte", packed(np.array([one.label for one in chosen], np.uint8)))
        file.writestr("pupils.json", json.dumps([one.author for one in chosen]))
    return content.getvalue()
