"""Batches: nothing lost, order kept, never over the limit, and never smaller than they need be."""

import json
import uuid
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.provtjanst.packing import ENVELOPE_BYTES, Packed, TooLarge, body_of, pack, unpack

objects = st.lists(
    st.tuples(st.uuids(), st.text(max_size=60)).map(
        lambda pair: (pair[0], json.dumps({"id": str(pair[0]), "n": pair[1]}, ensure_ascii=False).encode())
    ),
    max_size=60,
    unique_by=lambda pair: pair[0],
)


@given(objects, st.integers(min_value=0, max_value=700))
def test_every_object_comes_out_once_in_order_and_no_batch_is_over_or_could_hold_more(
    given_objects: list[tuple[uuid.UUID, bytes]], limit: int
) -> None:
    packed = list(pack(given_objects, limit))
    batches = [part for part in packed if isinstance(part, Packed)]
    too_large = {part.id: part.size for part in packed if isinstance(part, TooLarge)}
    sizes = {object_id: len(content) for object_id, content in given_objects}

    sent = [object_id for batch in batches for object_id in batch.ids]
    assert sent == [object_id for object_id, _ in given_objects if object_id not in too_large]
    assert too_large == {i: n + ENVELOPE_BYTES for i, n in sizes.items() if n + ENVELOPE_BYTES > limit}
    contents = dict(given_objects)
    for batch in batches:
        assert len(batch.body) <= limit
        assert batch.body == body_of(contents[object_id] for object_id in batch.ids)
        assert [part["id"] for part in json.loads(batch.body)["data"]] == [str(i) for i in batch.ids]
    for batch, following in pairwise(batches):
        assert len(batch.body) + 1 + sizes[following.ids[0]] > limit


@given(objects)
def test_each_object_is_found_again_byte_for_byte(given_objects: list[tuple[uuid.UUID, bytes]]) -> None:
    body = body_of(content for _, content in given_objects)
    for object_id, content in given_objects:
        assert unpack(body, object_id) == content
        assert unpack(body, str(object_id).upper()) == content


def test_an_object_that_is_not_in_the_body_is_a_key_error() -> None:
    for body in (body_of([]), body_of([b'{"id":"a"}']), body_of([b'"just-an-id"'])):
        with pytest.raises(KeyError):
            unpack(body, uuid.UUID(int=1))
