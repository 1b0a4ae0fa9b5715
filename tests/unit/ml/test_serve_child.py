"""The serving process itself: its pipes stay clean, and it ends when nobody is left to ask."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lakebook.errors import ModelTampered
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.serving import frames, serve_child
from lakebook.ml.serving.feature_rows import from_rows
from lakebook.ml.serving.model_child import _environment, serving_command


def test_what_libraries_print_does_not_reach_the_messages() -> None:
    program = textwrap.dedent(
        """
        import os, sys
        from lakebook.ml.serving import frames, serve_child
        requests, answers = serve_child.take_pipes()
        print("a library says hello", flush=True)
        os.system("echo and so does a program")
        assert sys.stdin.read() == ""
        header, body = frames.read_message(requests)
        frames.write_message(answers, {"heard": header}, body)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=_environment(),
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        frames.write_message(process.stdin, {"say": 1}, b"body")
        assert frames.read_message(process.stdout) == ({"heard": {"say": 1}}, b"body")
        said = process.stderr.read()
        assert process.stdout.read() == b""
    assert b"a library says hello" in said
    assert b"and so does a program" in said


@pytest.mark.parametrize("sent", [b"", b"\x00", b"\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00{}"])
def test_it_ends_when_its_parent_is_gone_even_in_midst_of_a_message(tmp_path: Path, sent: bytes) -> None:
    ended = subprocess.run(serving_command(tmp_path, 1), input=sent, capture_output=True, env=_environment(),
                           timeout=60, check=False)  # fmt: skip
    assert ended.stdout == b""
    assert ended.returncode == 0


def test_a_refused_request_leaves_it_answering(store: ModelStore, boosted: ModelVersion) -> None:
    shelf = serve_child.Shelf(store.artifacts, 1)
    _, digest = store.sealed("boosted")
    table, _ = from_rows([{"age": 3}], boosted.features)
    body = frames.table_bytes(table)
    for wrong in ({"model_id": boosted.model_id, "digest": "0"}, {"model_id": "..", "digest": digest}):
        with pytest.raises(ModelTampered):
            serve_child.answer(shelf, wrong, body)
    assert serve_child.answer(shelf, {"model_id": boosted.model_id, "digest": digest}, body)[0] == {"ok": True}


def test_another_seal_is_another_model(store: ModelStore, boosted: ModelVersion) -> None:
    shelf = serve_child.Shelf(store.artifacts, 2)
    _, digest = store.sealed("boosted")
    shelf.get(boosted.model_id, digest)
    with pytest.raises(ModelTampered):
        shelf.get(boosted.model_id, digest[::-1])
