"""/rooms/{code}/test: the teacher opens the test before or after the lessons, and the pupils send their answers."""

from __future__ import annotations

import csv
import io
from typing import Annotated

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field

from app.lessons.quiz import FORMS, TOPICS
from app.rooms.quizzes import MIN_TOLD, ROUNDS, Quizzes, Round, form_of
from app.web.rooms.room_access import Code, Pupil, RoomsNeeded
from app.web.rooms.room_routes import NO_SUCH_ROOM, PUPILS_ONLY
from app.web.shared.dependencies import AdminOnly, OwnPageOnly, from_state
from app.web.shared.schemas import REFUSED, Problem

_NOT_NOW: dict[int | str, dict[str, object]] = {
    **NO_SUCH_ROOM,
    409: {"model": Problem, "description": "The test is not open, or there is no result to show"},
}
_STRICT = ConfigDict(extra="forbid", strict=True)
QuizzesNeeded = Annotated[Quizzes, from_state("quizzes")]
Answer = Annotated[int, Field(ge=0, description="An option, counted from 0")]

teacher_router = APIRouter(
    prefix="/admin/rooms/{code}", tags=["rooms"], dependencies=[AdminOnly], responses={**REFUSED, **_NOT_NOW}
)
router = APIRouter(prefix="/rooms/{code}", tags=["rooms"], responses={**PUPILS_ONLY, **_NOT_NOW})


class OpenRound(BaseModel):
    """Which test the pupils take."""

    model_config = _STRICT

    open: Round | None = Field(description="before or after the lessons; null closes the test")


class SentAnswers(BaseModel):
    """A pupil's answers."""

    model_config = _STRICT

    round: Round = Field(description="before or after the lessons")
    answers: list[Answer | None] = Field(
        min_length=len(TOPICS), max_length=len(TOPICS), description="The options chosen; null for “I don’t know”"
    )


class OwnQuiz(BaseModel):
    """What a pupil is to do."""

    round: Round | None = Field(description="The test that is open, or null")
    first: str = Field(description="The pupil's form before the lessons: a or b")
    sent: list[Round] = Field(description="What the pupil has sent already")


class QuestionResult(BaseModel):
    """How many of the pupils who took both tests were right."""

    topic: str = Field(description="The idea that is asked for")
    before: int = Field(description="How many were right before the lessons")
    after: int = Field(description="How many were right after the lessons")


class QuizResult(BaseModel):
    """The class's gain."""

    pupils: int = Field(description="How many took both tests")
    questions: list[QuestionResult] = Field(description="The ten questions")
    mean: float | None = Field(description="How many more answers of a pupil were right; null for too few pupils")
    margin: float | None = Field(description="Half of the width of the 95% interval of that; null for too few pupils")
    enough: int = Field(description="For how many pupils the mean is told")


@teacher_router.patch("/test", status_code=204)
def open_quiz(code: Code, asked: OpenRound, rooms: RoomsNeeded, quizzes: QuizzesNeeded) -> None:
    """Opens the test before or after the lessons on all phones, or closes it."""
    rooms.room(code)
    quizzes.open(code, asked.open)


@teacher_router.get("/test")
def get_quiz_result(code: Code, rooms: RoomsNeeded, quizzes: QuizzesNeeded) -> QuizResult:
    """The class's gain, once the test is closed and enough pupils took both."""
    rooms.room(code)
    gain = quizzes.gain(code)
    is_enough = gain.pupils >= MIN_TOLD
    questions = zip(TOPICS, gain.before, gain.after, strict=True)
    return QuizResult(
        pupils=gain.pupils,
        questions=[QuestionResult(topic=topic, before=before, after=after) for topic, before, after in questions],
        mean=gain.mean if is_enough else None,
        margin=gain.margin if is_enough else None,
        enough=MIN_TOLD,
    )


@teacher_router.get("/test.csv", response_class=Response)
def export_quiz(code: Code, rooms: RoomsNeeded, quizzes: QuizzesNeeded) -> Response:
    """The same as CSV, a row for each question: no names and no pupils' numbers."""
    name = rooms.room(code).name
    gain = quizzes.gain(code)
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(["question", "topic", "before_right", "after_right", "pupils"])
    for number, row in enumerate(zip(TOPICS, gain.before, gain.after, strict=True), 1):
        writer.writerow([number, *row, gain.pupils])
    headers = {"Content-Disposition": f'attachment; filename="{name}-test.csv"', "Cache-Control": "no-store"}
    return Response(content.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/test")
def get_own_quiz(code: Code, pupil: Pupil, quizzes: QuizzesNeeded) -> OwnQuiz:
    """Which test is open, and whether the pupil with this key has sent it."""
    quiz = quizzes.quiz(code)
    sent = [round_ for round_ in ROUNDS if pupil.id in quiz.sent[round_]]
    return OwnQuiz(round=quiz.open, first=form_of(pupil.id, "before"), sent=sent)


@router.post("/test", status_code=204, dependencies=[OwnPageOnly])
def send_answers(code: Code, pupil: Pupil, sent: SentAnswers, quizzes: QuizzesNeeded) -> None:
    """Sends a pupil's answers, in place of those sent before. Only whether each is right is kept."""
    questions = FORMS[form_of(pupil.id, sent.round)]
    for number, (question, answer) in enumerate(zip(questions, sent.answers, strict=True), 1):
        if answer is not None and answer >= len(question.options):
            raise HTTPException(422, f"Question {number} has {len(question.options)} options, counted from 0.")
    right = [answer == question.right for question, answer in zip(questions, sent.answers, strict=True)]
    quizzes.take(code, pupil.id, sent.round, right)
