"""From a YAML document to a typed record; all its problems at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.policy.language.messages import BrokenFile, errors_of
from sim.policy.language.yamlio import Document, Key, read_document

Record = TypeVar("Record", bound=BaseModel)


def validated(model: type[Record], document: Document, place: tuple[Key, ...] = ()) -> Record:
    """Validate a part of a document; all its problems are in the `BrokenFile` raised."""
    content: Any = document.content
    for key in place:
        content = content[key]
    try:
        return model.model_validate(content)
    except ValidationError as failure:
        raise BrokenFile(errors_of(failure, document, model, place)) from None


def read_model(path: Path, model: type[Record]) -> Record:
    """Read a file that holds one record.

    Raises
    ------
    ScenarioError
        If the file is broken.
    """
    return validated(model, read_document(path))
