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

    name: str = Field("classic", pattern=MODEL_NAME, description="The name under which to serve it")
    who: str = Field("", max_length=80, description="Who publishes it, in your words")
    why: str = Field("", max_length=500, description="Why, in your words")


class RollBackRequest(BaseModel):
    """The version to roll back to."""

    model_config = ConfigDict(extra="forbid", strict=True)

    version: str | None = Field(None, max_length=64, description="The version to serve; null for the one before")


class VersionInfo(BaseModel):
    """A network that is or was served under a name. With a `problem` it can't be served again."""

    version: str = Field(description="Identifies its parameters")
    serves: bool = Field(description="Whether it is the one that answers now")
    accuracy: float | None = Field(description="On the test images, 0..1, as its run measured it")
    accuracy_on_drawings: float | None = Field(description="On a fixed set of drawings, 0..1")
    run_id: int | None = Field(None, description="The run that trained it; null if it came with Descent")
    published_at: str | None = Field(None, description="When it was published, in ISO 8601 and UTC")
    who: str = Field("", description="Who published it, in their words")
    why: str = Field("", description="Why, in their words")
    rolled_back_at: str | None = Field(None, description="When it was rolled back")
    problem: str | None = Field(None, description="Why its file can't be read, and what to do")

    @classmethod
    def of(cls, version: Version, accuracy: float | None, on_drawings: float | None, *, serves: bool) -> VersionInfo:
        publication = vars(version.publication) if version.publication else {}
        known = {name: publication[name] for name in cls.model_fields.keys() & publication.keys()}
        figures = {"accuracy": accuracy, "accuracy_on_drawings": on_drawings}
        return cls(**{**known, **figures, "version": version.version, "serves": serves}, problem=version.problem)


class Named(BaseModel):
    """A served network."""

    name: str = Field(description="Its name")
    version: str = Field(description="Its version")


class ScoreInfo(BaseModel):
    """A network's accuracy."""

    model_config = ConfigDict(from_attributes=True)

    accuracy: float = Field(description="On all images, 0..1")
    by_digit: list[float | None] = Field(description="On each digit; null without images of it")


class ChangeInfo(BaseModel):
    """Both networks on the same images."""

    model_config = ConfigDict(from_attributes=True)

    images: int = Field(description="The number of images")
    before: ScoreInfo = Field(description="The served network's accuracy")
    after: ScoreInfo = Field(description="The run's network's accuracy")
    to_wrong: int = Field(description="How many answers change from right to wrong")
    to_right: int = Field(description="How many change from wrong to right")


class AnswerInfo(BaseModel):
    """An answer."""

    digit: int = Field(description="The answer")
    confidence: float = Field(description="Its probability")


class TurnedInfo(BaseModel):
    """A drawing that only one of the two networks gets right."""

    number: int = Field(description="The drawing's number, from 0")
    label: int = Field(description="The digit it shows")
    style: str = Field(description="How it was drawn")
    before: AnswerInfo = Field(description="The served network's answer")
    after: AnswerInfo = Field(description="The run's network's answer")
    pixels: list[int] = Field(description="784 pixels, 0 = paper and 255 = ink")

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
    """What publishing a run's network would change."""

    replaces: Named | None = Field(description="The network served under the name; null if the name is new")
    compared_with: Named = Field(description="The same, or classic if the name is new")
    version: str = Field(description="The version of the run's network")
    warnings: list[str] = Field(description="What speaks against publishing it")
    test: ChangeInfo = Field(description="On MNIST's test images")
    drawings: ChangeInfo = Field(description="On a fixed set of drawings")
    corrections: ChangeInfo | None = Field(description="On the corrections held out, for the admin if there are any")
    to_wrong: list[TurnedInfo] = Field(description="Drawings whose answer becomes wrong, at most 60")
    to_right: list[TurnedInfo] = Field(description="Drawings whose answer becomes right, at most 60")

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
            corrections=comparison.corrections and ChangeInfo.model_validate(comparison.corrections),
            to_wrong=[TurnedInfo.of(turned) for turned in comparison.to_wrong[:MAX_SHOWN]],
            to_right=[TurnedInfo.of(turned) for turned in comparison.to_right[:MAX_SHOWN]],
        )
