"""Stand-ins for NLTK's data: made-up books, a list of stop words, a sentence model.

The books have NLTK's file names and the first five sentences of the real *Emma*
(Jane Austen, 1815), so that the notebook's worked example holds. All the rest is
generated: plain sentences about families, clothes, ships, animals, meals and kings,
in which words that belong together keep company, which is all word2vec needs.
"""

import random
import re

import numpy as np

from dli.datasets._fetch.readers import Arrays

SENTENCES = 900  # a book; about 10,000 words

BOOKS = (
    "austen-emma",
    "austen-persuasion",
    "austen-sense",
    "bible-kjv",
    "blake-poems",
    "bryant-stories",
    "burgess-busterbrown",
    "carroll-alice",
    "chesterton-ball",
    "chesterton-brown",
    "chesterton-thursday",
    "edgeworth-parents",
    "melville-moby_dick",
    "milton-paradise",
    "shakespeare-caesar",
    "shakespeare-hamlet",
    "shakespeare-macbeth",
    "whitman-leaves",
)

OPENING_OF_EMMA = """[Emma by Jane Austen 1816]

VOLUME I

CHAPTER I


Emma Woodhouse, handsome, clever, and rich, with a comfortable home
and happy disposition, seemed to unite some of the best blessings
of existence; and had lived nearly twenty-one years in the world
with very little to distress or vex her.

She was the youngest of the two daughters of a most affectionate,
indulgent father; and had, in consequence of her sister's marriage,
been mistress of his house from a very early period.  Her mother
had died too long ago for her to have more than an indistinct
remembrance of her caresses; and her place had been supplied
by an excellent woman as governess, who had fallen little short
of a mother in affection.

Sixteen years had Miss Taylor been in Mr. Woodhouse's family,
less as a governess than a friend, very fond of both daughters,
but particularly of Emma.
"""

# Kinds of word; <kind> in a sentence stands for one of them, drawn at random.
_WORDS = {
    kind: words.split(",")
    for kind, words in {
        "he": "father,brother,husband,son,uncle,man,nephew",
        "she": "mother,sister,wife,daughter,aunt,woman,niece",
        "child": "child,boy,girl,baby,infant",
        "name": "Emma,Harriet,Anne,Elinor,Marianne,Jane,Mary,Susan,Nancy,Betty",
        "guest": "Miss Taylor,Mr. Woodhouse,Mrs. Weston,Mr. Weston,Frank Churchill,"
        "Captain Wentworth,Father Brown,Miss Bates,Mr. Knightley,Sir Walter",
        "place": "Hartfield,Highbury,London,Bath,New York,Lyme,Nantucket",
        "room": "parlour,kitchen,garden,hall,library,chamber",
        "wear": "coat,hat,cloak,bonnet,gown,waistcoat,shirt,petticoat,apron,shawl,"
        "jacket,sleeve",
        "pair": "gloves,shoes,boots,stockings,trousers,breeches,buttons,lace",
        "colour": "black,white,blue,green,scarlet,brown,yellow,grey",
        "beast": "dog,puppy,cat,fox,horse,cow,sheep,hen,goat,rabbit,bear,wolf",
        "sound": "barked,growled,howled,ran,slept,jumped,hid,waited",
        "food": "bread,meat,cake,fish,apples,cheese,honey,porridge,milk,butter",
        "drink": "water,wine,milk,tea,ale",
        "time": "day,night,morning,evening,week,month,year,hour",
        "sea": "ship,boat,sail,mast,deck,harpoon,crew,captain,oar,anchor",
        "whale": "sperm whale,white whale,Moby Dick,whale",
        "sky": "wind,storm,wave,rain,cloud,thunder",
        "king": "king,prince,lord,ruler,emperor",
        "queen": "queen,princess,lady",
        "land": "Israel,Judah,Egypt,Babylon,Rome,Scotland,Denmark",
        "host": "people,priests,soldiers,servants,tribes,prophets",
        "good": "good,kind,gentle,clever,cheerful,amiable,handsome",
        "bad": "cruel,proud,angry,foolish,wicked,selfish",
        "feel": "loved,admired,missed,remembered,forgave,praised",
        "yes": "yes,no,indeed,well,oh,thank you",
        "they": "I,we,you,they,people,men",
        "said": "said,cried,replied,answered,whispered",
        "soon": "soon,often,always,never,now,then",
        "few": "a few minutes,a great deal,some time,two days,three weeks",
        "number": "two,three,four,five,six,seven,ten,twenty,forty",
    }.items()
}

_SYLLABLES = [
    "al",
    "bor",
    "cam",
    "den",
    "el",
    "fin",
    "gar",
    "hul",
    "ing",
    "jo",
    "kel",
    "lam",
    "mor",
    "nes",
    "ox",
    "pel",
    "rad",
    "sun",
    "tor",
    "wy",
]

# Sentences of each subject.
_SUBJECTS = {
    "home": """\
The <he> of <name> was a <good> man, and he <soon> <feel> his <she>.
Her <she> was a <good> woman, and she <soon> <feel> her <he>.
<name> had a <he> and a <she>, and the <he> and the <she> <feel> the <child>.
His <he> and his <she> lived at <place> with the <child> and the <beast>.
The husband and the wife had one <child>, a son, and the man and the woman were happy.
A <he> may be <bad>, but a <she> is <good>; so it had been long ago.
"<yes>, ma'am," <said> <name>, "my <she> and my <he> are in the <room>."
"<they> don't know," <said> the <child>, "the <he> did not tell my <she>."
<guest> came to <place> in the <time>, and talked of her sister and her mother.
<guest> had been in the <room> for <few> when <name> came with her sister.
It was very early in the <time> when <name> left <place> with her two daughters.
The <she> kissed the <child>, and the <he> gave the <child> a <colour> <wear>.""",
    "dress": """\
He wore a <colour> <wear> and <colour> <pair>, with a <wear> over his arm.
She put on her <wear> and her <pair>, and took the <colour> <wear> from the chair.
The <wear> was torn, the <wear> was old, and there were no <pair> to be had.
<name> sewed the <wear> with <colour> thread, and pressed the <pair> and the <wear>.
There were <number> <colour> pockets in the <wear>, and one in the <pair>.
<guest> bought a <wear>, a <wear> and new <pair> in <place>.""",
    "sea": """\
The <sea> was ready, and the <sea> and the <sea> lay in the <sky>.
"There is the <whale>!" <said> the captain, and the crew took the <sea> and the <sea>.
The <whale> broke the <sea> and the <sea>, and the <sky> came over the <sea>.
For <number> days the <sky> was strong, and the ship lost her <sea> and her <sea>.
The captain of the <sea> from <place> looked for the <whale> by <time>.""",
    "beasts": """\
The <beast> and the <beast> <sound> in the field all <time>.
The dog barked, the puppy barked too, and the <beast> <sound> behind the barn.
A <beast> met a <beast> in the wood, and the <beast> <sound>.
The farmer fed the <beast>, the <beast> and <number> sheep in the <time>.
"Who are you?" <said> the <beast>; but the <beast> <sound> and <sound>.""",
    "meals": """\
They eat <food> and drink <drink> in the <time>, and eat <food> at night.
Let us eat the <food> and the <food>, and drink <drink> with the <food>.
She gave the <child> <food> to eat and <drink> to drink.
He would not eat the <food>, nor drink the <drink>, for a <time> and a <time>.
<guest> sent <food>, <food> and <drink> for the <time>.""",
    "strangers": """\
<stranger> of <stranger> wrote to <stranger>, and <stranger> rode to <stranger>.
When <stranger> saw <stranger>, old <stranger> and young <stranger> were gone.
Between <stranger> and <stranger> lies <stranger>, where <stranger> was born.""",
    "kings": """\
And the <king> of <land> reigned <number> years, and the <host> obeyed the <king>.
And the <king> spoke to the <host> of <land>, and the <queen> heard the <king>.
The <queen> of <land> was a woman <good> and wise, and the <king> a man <bad> and old.
And it came to pass that the <host> went out of <land> unto <land>.
The <king> said unto the <queen>, Let the <host> of <land> come before me.
In the <number> year of the <king> the <host> built a temple in <land>.""",
}

_LIKES = {  # what a book is mostly about; home where it is not listed
    "bible-kjv": "kings",
    "blake-poems": "beasts",
    "bryant-stories": "beasts",
    "burgess-busterbrown": "beasts",
    "carroll-alice": "meals",
    "chesterton-ball": "dress",
    "chesterton-brown": "dress",
    "edgeworth-parents": "dress",
    "melville-moby_dick": "sea",
    "milton-paradise": "kings",
    "shakespeare-caesar": "kings",
    "shakespeare-hamlet": "kings",
    "shakespeare-macbeth": "kings",
    "whitman-leaves": "sea",
}


def gutenberg() -> Arrays:
    """18 made-up books, the same on every call."""
    return {f"{book}.txt": _bytes(_book(book)) for book in BOOKS}


def _book(name: str) -> str:
    rng = random.Random(name)
    subjects = {key: text.splitlines() for key, text in _SUBJECTS.items()}
    chances = [*subjects, *[_LIKES.get(name, "home")] * 7, *["strangers"] * 3]
    paragraphs = []
    for _ in range(SENTENCES // 5):
        frames = subjects[rng.choice(chances)]
        said = [_sentence(rng.choice(frames), rng) for _ in range(5)]
        paragraphs.append("\n".join(said))
    title = OPENING_OF_EMMA if name == "austen-emma" else f"[A stand-in for {name}]\n"
    return title + "\n" + "\n\n".join(paragraphs) + "\n"


def _sentence(frame: str, rng: random.Random) -> str:
    said = re.sub(r"<(\w+)>", lambda kind: _word(kind[1], rng), frame)
    return said[0].upper() + said[1:]


def _word(kind: str, rng: random.Random) -> str:
    if kind != "stranger":
        return rng.choice(_WORDS[kind])
    # One of 8,000 coined names: text without rare words would have no rare pairs.
    return "".join(rng.choice(_SYLLABLES) for _ in range(3)).capitalize()


def stopwords() -> Arrays:
    """A short list of English stop words."""
    words = """
    a about after again all am an and any are as at be because been before being both
    but by can did do does down during each few for from had has have he her here him
    his how i if in into is it its just me more most my no nor not now of off on once
    only or other our out over own same she should so some such than that the their
    them then there these they this those through to too under until up very was we
    were what when where which while who whom why will with you your
    d didn don isn ll m ma o re s t ve wasn y
    didn't don't isn't it's wasn't you're
    """
    return {"english": _bytes("\n".join(words.split()) + "\n")}


def punkt_tab() -> Arrays:
    """A sentence model that knows a few abbreviations and nothing else."""
    tables = {
        "abbrev_types.txt": "mr\nmrs\nms\ndr\nst\njr\nrev\ncapt\netc",
        "collocations.tab": "##number##\tinternational",
        "ortho_context.tab": "the\t42",
        "sent_starters.txt": "he\nshe\nit\nthe\nthey",
    }
    return {f"english/{name}": _bytes(text) for name, text in tables.items()}


def _bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)
