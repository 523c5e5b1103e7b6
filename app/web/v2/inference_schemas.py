"""The JSON objects of the Open Inference Protocol, version 2."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

_FirstError = Field(fail_fast=True)  # of perhaps 800,000
_Row = Annotated[list[float], _FirstError]
_Rows = Annotated[list[_Row], _FirstError]
# As a flat list, or nested as the shape says.
Numbers = Annotated[_Row | _Rows | Annotated[list[_Rows], _FirstError], Field(union_mode="left_to_right")]
Parameters = dict[str, Any]


class ServerMetadata(BaseModel):
    """The server, and the extensions of the protocol that it knows."""

    name: str = Field(description="The server's name")
    version: str = Field(description="The server's version")
    extensions: list[str] = Field(description="The extensions of the protocol that it knows")


class TensorMetadata(BaseModel):
    """An input or an output of a model."""

    name: str = Field(description="The tensor's name")
    datatype: str = Field(description="The type of its elements, such as FP32")
    shape: list[int] = Field(description="Its dimensions; -1 stands for the number of images")


class ModelMetadata(BaseModel):
    """A served network, as a model of the protocol."""

    name: str = Field(description="The model's name")
    versions: list[str] = Field(description="The versions that can be asked for: the served one")
    platform: str = Field(description="The library that computes its answers")
    inputs: list[TensorMetadata] = Field(description="The tensors that it takes")
    outputs: list[TensorMetadata] = Field(description="The tensors that it answers with")


class _Asked(BaseModel):
    # Without conversion: neither text nor true is a number. What the protocol does not name belongs into `parameters`.
    model_config = ConfigDict(strict=True, extra="forbid")


class InputTensor(_Asked):
    """The images, with their numbers in `data` or as binary data after the JSON object."""

    name: str = Field(description="images")
    shape: list[int] = Field(description="[n, 784] or [n, 28, 28]")
    datatype: str = Field(description="FP32 or UINT8")
    parameters: Parameters = Field({}, description="binary_data_size: the size of the binary data, in bytes")
    data: Numbers | None = Field(None, description="The numbers, row by row: 0 for paper to 255 for ink")


class RequestedOutput(_Asked):
    """An output that is wanted."""

    name: str = Field(description="probabilities or digit")
    parameters: Parameters = Field({}, description="binary_data: true for this output as binary data")


class InferenceRequest(_Asked):
    """The images, and the outputs that are wanted for them."""

    id: str | None = Field(None, description="The response repeats it")
    parameters: Parameters = Field({}, description="binary_data_output: true for all outputs as binary data")
    inputs: list[InputTensor] = Field(description="One tensor, named images")
    outputs: list[RequestedOutput] = Field([], max_length=2, description="The wanted outputs; all if left out")


class OutputTensor(BaseModel):
    """The answers to the images, with their numbers in `data` or as binary data after the JSON object."""

    name: str = Field(description="probabilities or digit")
    shape: list[int] = Field(description="[n, 10] for probabilities, [n] for digit")
    datatype: str = Field(description="FP32 for probabilities, INT64 for digit")
    parameters: Parameters | None = Field(None, description="binary_data_size: the size of the binary data, in bytes")
    data: list[float] | list[int] | None = Field(None, description="The numbers, row by row")


class InferenceResponse(BaseModel):
    """The outputs that were wanted."""

    model_config = ConfigDict(protected_namespaces=())

    model_name: str = Field(description="The model that answered")
    model_version: str = Field(description="Its version")
    id: str | None = Field(None, description="The request's id")
    outputs: list[OutputTensor] = Field(description="The outputs, in the order of the request")


class InferenceError(BaseModel):
    """An error in the protocol's form."""

    error: str = Field(description="What to change")
