"""The requests and responses of publishing."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from app.served.changes import ChangedDrawing, NetworkChanges
from app.served.predictor import Version
from app.web.shared.schemas import MODEL_NAME

# The counts include the rest. Nobody looks through hundreds of pictures.
MAX_SHOWN = 60


class PublishRequest(BaseModel):
    """The name under which to publish a run's network, and free text about who publishes it and why."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    name: str = Field("classic", pattern=MODEL_NAME)
    who: str = Field("", max_length=80)
    why: str = Field("", max_length=500)


class RollBackRequest(BaseModel):
    """The version to roll back to; the previous one if it is left out."""

    model_config = ConfigDict(extra="forbid", strict=True)

    version: str | None = Field(None, max_length=64)


class VersionInfo(BaseModel):
    """A network that is or was served under a name. `run_id` and `published_at` are null if it came with Descent.

    `accuracy` is on the test images, as its run measured it, `accuracy_on_drawings` on a fixed set of drawings. If its
    file can't be read, both are null, `problem` says so, and it can't be served again.
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
        publication = vars(version.publication) if version.publication else {}
        known = {name: publication[name] for name in cls.model_fields.keys() & publication.keys()}
        figures = {"accuracy": accuracy, "accuracy_on_drawings": on_drawings}
        return cls(**{**known, **figures, "version": version.version, "serves": serves}, problem=version.problem)


class Named(BaseModel):
    """A served network."""

    name: str
    version: str


class ScoreInfo(BaseModel):
    """The accuracy, 0..1, on all images and on each digit; null for a digit without images."""

    model_config = ConfigDict(from_attributes=True)

    accuracy: float
    by_digit: list[float | None]


class ChangeInfo(BaseModel):
    """The scores of both networks on the same images, and how many answers change to wrong and to right."""

    model_config = ConfigDict(from_attributes=True)

    images: int
    before: ScoreInfo
    after: ScoreInfo
    to_wrong: int
    to_right: int


class AnswerInfo(BaseModel):
    """An answer and its confidence, 0..1."""

    digit: int
    confidence: float


class TurnedInfo(BaseModel):
    """A drawing that only one of the two networks gets right, and its 784 pixels, 0 = paper and 255 = ink."""

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

    `replaces` is the network served under the name; `compared_with` is the same, or `classic` if the name is new.
    `test` is on MNIST's test images, `drawings` on a fixed set of drawings. `to_wrong` and `to_right` list the drawings
    whose answers change, at most 60 each.
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
