"""Film reviews that nobody wrote: the stand-in for IMDb.

A few thousand sentences are put together from words; a review is a handful of them,
and a favourable one has more of the kind ones. A title or a name that occurs in few
sentences gives the list of words its long tail.
"""

from dataclasses import dataclass

import numpy as np


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",")]


THINGS = _listed("""plot, story, acting, cast, script, music, ending, dialogue,
    camera work, pace, opening, last half hour, leading man, leading lady, villain,
    editing, humour, direction""")
KIND = _listed("""wonderful, superb, moving, brilliant, lovely, charming, fresh,
    gripping, perfect, touching, funny, beautiful, subtle, clever, powerful,
    memorable, delightful, great""")
UNKIND = _listed("""dreadful, dull, wooden, boring, terrible, predictable, lame,
    stupid, tedious, clumsy, pointless, weak, silly, feeble, ridiculous, cheap, poor,
    bad""")
KIND_FRAMES = (
    "The {thing} was {word} and I loved every minute.",
    "I can only recommend it: the {thing} is {word}, the {thing2} {word2}.",
    "{name} gives a {word} performance, one of the best in years.",
    "Simply {word}!",
    "A {word} film with a {word2} {thing}; don't miss it.",
    "I'd see it again just for the {word} {thing}.",
)
UNKIND_FRAMES = (
    "The {thing} was {word} and I wanted my money back.",
    "Avoid it: the {thing} is {word}, the {thing2} {word2}.",
    "{name} gives a {word} performance, one of the worst in years.",
    "Simply {word}!",
    "A {word} film with a {word2} {thing}; don't bother.",
    "I couldn't sit through the {word} {thing} and fell asleep.",
)
PLAIN_FRAMES = (
    "{name} plays {name2}, who comes to {name3} to look for a brother.",
    "I saw this on television last week, after {name} had told me of the {thing}.",
    "It's the third film of {name}, made before the one about {name2}.",
    "The {thing} is by {name}, the {thing2} by {name2}.<br /><br />",
    "There are people who say it is {word}, and others who find it {word2}.",
    "We watched it at home with {name}, and then talked about the {thing}.",
    "{name2} has to leave {name} at the end, as in the book.",
    "It was not what I had expected of {name} in this kind of film.",
)
_HEADS = _listed("""al, bo, ca, da, el, fi, go, ha, in, jo, ka, lu, ma, ne, or, pa,
    ro, sa, ti, vo, wi, ya, ze""")
_TAILS = _listed("""dar, len, mira, no, ra, rin, sky, sol, ta, ten, vel, wick, worth,
    ya, zo""")


@dataclass(frozen=True)
class MadeUp:
    """Reviews as rows of sentences.

    Attributes:
        sentences: all there are.
        chosen: rows of `sentences`, the reviews one after the other.
        counts: sentences a review.
        labels: 1 for favourable, 0 for not.
    """

    sentences: list[str]
    chosen: np.ndarray
    counts: np.ndarray
    labels: np.ndarray


def write(halves: tuple[int, ...], seed: int) -> MadeUp:
    """Writes reviews, in each half the favourable ones first.

    Args:
        halves: how many for each half.
        seed: of all that is chosen.
    """
    rng = np.random.RandomState(seed)
    kinds = [
        [_sentence(frames, words, rng) for _ in range(2_000)]
        for frames, words in (
            (KIND_FRAMES, KIND),
            (UNKIND_FRAMES, UNKIND),
            (PLAIN_FRAMES, KIND + UNKIND),
        )
    ]
    labels = np.concatenate([np.arange(n) < (n + 1) // 2 for n in halves]).astype(int)
    counts = np.clip(np.exp(rng.normal(2.8, 0.55, len(labels))), 3, 90).astype(int)
    # shares of kind and unkind sentences differ from writer to writer
    open_hearted = np.repeat(rng.uniform(0.08, 0.30, len(labels)), counts)
    other = np.repeat(rng.uniform(0.04, 0.16, len(labels)), counts)
    favourable = np.repeat(labels == 1, counts)
    draw = rng.rand(counts.sum())
    fits, contrary = draw < open_hearted, draw > 1 - other
    kind = np.where(fits == favourable, 0, 1)
    kind[~fits & ~contrary] = 2
    kind[contrary] = np.where(favourable[contrary], 1, 0)
    chosen = kind * 2_000 + rng.randint(2_000, size=len(draw))
    return MadeUp([s for bank in kinds for s in bank], chosen, counts, labels)


def _sentence(frames, words, rng: np.random.RandomState) -> str:
    thing, thing2 = (THINGS[i] for i in rng.permutation(len(THINGS))[:2])
    word, word2 = (words[i] for i in rng.permutation(len(words))[:2])
    return frames[rng.randint(len(frames))].format(
        thing=thing,
        thing2=thing2,
        word=word,
        word2=word2,
        name=_name(rng),
        name2=_name(rng),
        name3=_name(rng),
    )


def _name(rng: np.random.RandomState) -> str:
    return "".join(
        part[rng.randint(len(part))] for part in (_HEADS, _HEADS, _TAILS)
    ).capitalize()
