"""Stand-in of the IMDb reviews."""

import random
import re

from dli.datasets._fetch.readers import Arrays
from dli.datasets._imdb_files import numbered

_THINGS = """plot;story;acting;cast;script;music;ending;dialogue;camera work;pace;
opening;last half hour;leading man;leading lady;villain;editing;humour;direction"""
_KIND = """wonderful superb moving brilliant lovely charming fresh gripping perfect
touching funny beautiful subtle clever powerful memorable delightful great"""
_UNKIND = """dreadful dull wooden boring terrible predictable lame stupid tedious clumsy
pointless weak silly feeble ridiculous cheap poor bad"""
_PRAISE = """The {thing} was {word} and I loved every minute.
I can only recommend it: the {thing} is {word}.
{name} gives a {word} performance, one of the best in years.
Simply {word}!
A {word} film with a {word} {thing}; don't miss it.
I'd see it again just for the {word} {thing}."""
_COMPLAINTS = """The {thing} was {word} and I wanted my money back.
Avoid it: the {thing} is {word}.
{name} gives a {word} performance, one of the worst in years.
Simply {word}!
A {word} film with a {word} {thing}; don't bother.
I couldn't sit through the {word} {thing} and fell asleep."""
_REMARKS = """{name} comes to {name} to look for a brother, played by {name}.
I saw this on television last week, after {name} had told me of the {thing}.
It's the third film of {name}, made before the one about {name}.
The {thing} is by {name}, the music by {name}.<br /><br />
There are people who say it is {word}, and others who don't.
We watched it at home with {name}, and then talked about the {thing}.
{name} has to leave {name} at the end, as in the book.
It was not what I had expected of {name} in this kind of film."""
_HEADS = "al bo ca da el fi go ha in jo ka lu ma ne or pa ro sa ti vo wi ya ze"
_TAILS = "dar len mira no ra rin sky sol ta ten vel wick worth ya zo"


def make() -> Arrays:
    """50,000 reviews put together from 6,000 sentences; see `_imdb_files.numbered`.

    Favourable ones praise more often than they complain. Names that occur in few
    sentences give the vocabulary its rare words.
    """
    rng = random.Random(11)
    praise = _sentences(_PRAISE, _KIND, rng)
    complaints = _sentences(_COMPLAINTS, _UNKIND, rng)
    remarks = _sentences(_REMARKS, f"{_KIND} {_UNKIND}", rng)

    def review(label: int) -> tuple[int, str]:
        said, other = (praise, complaints) if label else (complaints, praise)
        weights = rng.uniform(0.15, 0.4), rng.uniform(0.03, 0.12), 0.6
        length = min(max(3, int(rng.lognormvariate(2.4, 0.55))), 60)
        banks = rng.choices((said, other, remarks), weights, k=length)
        return label, " ".join(map(rng.choice, banks))

    halves = [[review(n < 12_500) for n in range(25_000)] for _ in range(2)]
    return numbered(*halves)


def _sentences(frames: str, words: str, rng: random.Random) -> list[str]:
    """2,000 sentences: frames filled with things, words and names."""
    syllables = _HEADS.split(), _HEADS.split(), _TAILS.split()
    fill = {
        "thing": lambda: rng.choice(_THINGS.replace("\n", "").split(";")),
        "word": lambda: rng.choice(words.split()),
        "name": lambda: "".join(map(rng.choice, syllables)).title(),
    }
    chosen = rng.choices(frames.splitlines(), k=2000)
    return [re.sub("{(.*?)}", lambda gap: fill[gap[1]](), frame) for frame in chosen]
