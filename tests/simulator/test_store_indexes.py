"""The store's indexes stay true to its objects, whatever is stored, changed and removed in whatever order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from provsluss.simulator.shapes import KINDS
from provsluss.simulator.store import Store

OWNERS = ("a", "b")
ids = st.integers(0, 4)
steps = st.lists(st.tuples(st.sampled_from(OWNERS), st.sampled_from(KINDS), ids, ids, st.booleans()), max_size=40)


def contents(store: Store) -> object:
    """Every index, without names that list nothing."""
    return (
        store.eppn_owner,
        {name: owners for name, owners in store.civic_owners.items() if owners},
        [
            {name: listed for name, listed in index.items() if listed}
            for owner in OWNERS
            for mine in [store.owners[owner]]
            for index in (mine.duties_of, mine.groups_of, mine.activities_of, mine.persons_with)
        ],
    )


@settings(max_examples=200, deadline=None)
@given(steps)
def test_indexes_are_those_of_a_store_filled_anew(done: list[tuple[str, str, int, int, bool]]) -> None:
    store = Store()
    for now, (owner, kind, number, other, removes) in enumerate(done):
        key, named = f"{owner}{kind}{number}", {"id": f"{owner}persons{other}"}
        if removes:
            store.remove(owner, kind, key, now)  # type: ignore[arg-type]
            continue
        eppn = f"{owner}{number}.{other % 2}@x.se"
        data = {
            "persons": {"civicNo": {"value": str(other)}, "eduPersonPrincipalNames": [eppn]},
            "duties": {"person": named},
            "groups": {
                "groupMemberships": [{"person": named}] if named["id"] in store.owners[owner].objects["persons"] else []
            },
            "activities": {"groups": [{"id": f"{owner}groups{other}"}]},
        }[kind]
        store.put(owner, kind, {"id": key, **data}, now)  # type: ignore[arg-type]
    anew = Store()
    for owner in OWNERS:
        for kind in KINDS:
            for stored in store.owners[owner].objects[kind].values():
                anew.load(owner, kind, stored)
            page, _ = store.page(owner, kind, 100, None)
            assert sorted(each.data["id"] for each in page) == sorted(store.owners[owner].objects[kind])
    assert contents(store) == contents(anew)
