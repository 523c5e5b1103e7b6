"""What publishing takes and tells."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from app.served.changes import ChangedDrawing, NetworkChanges
from app.served.predictor import Version
from app.web.shared.schemas import MODEL_NAME

# More of them are told by their count: nobody looks through hundreds of pictures.
MAX_SHOWN = 60


class PublishRequest(BaseModel):
    """The name under which a run's network is to be served; who publishes it, and why, in their words."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    name: str = Field("classic", pattern=MODEL_NAME)
    who: str = Field("", max_length=80)
    why: str = Field("", max_length=500)


class RollBackRequest(BaseModel):
    """The version to serve again; the one before when it is left out."""

    model_config = ConfigDict(extra="forbid", strict=True)

    version: str | None = Field(None, max_length=64)


class VersionInfo(BaseModel):
    """A network that is or was served under a name. `run_id` and `published_at` are null for what came with the app.

    `accuracy` is on MNIST's test images, as its run measured it, and `accuracy_on_drawings` on a fixed set of drawings.
    Both are null when its file can't be read any more: `problem` says so then, and it can't be served again.
    """

    version: str
    serves: bool
    accuracy: float | None
    accuracy_on_drawings: float | None
    run_id: int | None = None
    published_at: str | None = None
    who: str = ""
    why: str = ""
    rolled_back_at: str | None = None
    problem: str | None = None

    @classmethod
    def of(cls, version: Version, accuracy: float | None, on_drawings: float | None, *, serves: bool) -> VersionInfo:
        told = vars(version.publication) if version.publication else {}
        known = {name: told[name] for name in cls.model_fields.keys() & told.keys()}
        figures = {"accuracy": accuracy, "accuracy_on_drawings": on_drawings}
        return cls(**{**known, **figures, "version": version.version, "serves": serves}, problem=version.problem)


class Named(BaseModel):
    """A served network."""

    name: str
    version: str


class ScoreInfo(BaseModel):
    """How many images are right, 0..1, in all and of each digit; null for a digit of which there are none."""

    model_config = ConfigDict(from_attributes=True)

    accuracy: float
    by_digit: list[float | None]


class ChangeInfo(BaseModel):
    """How both networks do on the same images, and how many turn from right to wrong and from wrong to right."""

    model_config = ConfigDict(from_attributes=True)

    images: int
    before: ScoreInfo
    after: ScoreInfo
    to_wrong: int
    to_right: int


class AnswerInfo(BaseModel):
    """An answer, and how sure it is, 0..1."""

    digit: int
    confidence: float


class TurnedInfo(BaseModel):
    """A drawing that one of the two gets right, and its 784 pixels, 0 = paper and 255 = ink."""

    number: int
    label: int
    style: str
    before: AnswerInfo
    after: AnswerInfo
    pixels: list[int]

    @classmethod
    def of(cls, turned: ChangedDrawing) -> TurnedInfo:
        return cls(
            number=turned.number,
            label=turned.label,
            style=turned.style,
            before=AnswerInfo(digit=turned.digit_before, confidence=turned.confidence_before),
            after=AnswerInfo(digit=turned.digit_after, confidence=turned.confidence_after),
            pixels=turned.pixels,
        )


class Changes(BaseModel):
    """What publishing a run's network would change.

    `replaces` is what is served under the name; `compared_with` the same, or `classic` where that name is new. `test`
    is on MNIST's test images, `drawings` on a fixed set of drawings; of those that turn, at most 60 each way are shown.
    """

    replaces: Named | None
    compared_with: Named
    version: str
    warnings: list[str]
    test: ChangeInfo
    drawings: ChangeInfo
    to_wrong: list[TurnedInfo]
    to_right: list[TurnedInfo]

    @classmethod
    def of(
        cls, comparison: NetworkChanges, replaces: Named | None, compared_with: Named, version: str, warnings: list[str]
    ) -> Changes:
        return cls(
            replaces=replaces,
            compared_with=compared_with,
            version=version,
            warnings=[*warnings, *comparison.warnings],
            test=ChangeInfo.model_validate(comparison.test),
            drawings=ChangeInfo.model_validate(comparison.drawings),
            to_wrong=[TurnedInfo.of(turned) for turned in comparison.to_wrong[:MAX_SHOWN]],
            to_right=[TurnedInfo.of(turned) for turned in comparison.to_right[:MAX_SHOWN]],
        )
