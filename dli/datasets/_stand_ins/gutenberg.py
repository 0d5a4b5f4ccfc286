"""Stand-in of NLTK's Gutenberg books: made-up text on a few subjects."""

import random
import re

import numpy as np

from dli.datasets._fetch.readers import Arrays

_BOOKS = """austen-emma austen-persuasion austen-sense bible-kjv blake-poems
bryant-stories burgess-busterbrown carroll-alice chesterton-ball chesterton-brown
chesterton-thursday edgeworth-parents melville-moby_dick milton-paradise
shakespeare-caesar shakespeare-hamlet shakespeare-macbeth whitman-leaves"""

# The real beginning (Jane Austen, 1815), which the notebook takes apart.
_OPENING_OF_EMMA = """\
[Emma by Jane Austen 1816]

VOLUME I

CHAPTER I


Emma Woodhouse, handsome, clever, and rich, with a comfortable home
and happy disposition, seemed to unite some of the best blessings
of existence; and had lived nearly twenty-one years in the world
with very little to distress or vex her.

She was the youngest of the two daughters of a most affectionate,
indulgent father; and had, in consequence of her sister's marriage,
been mistress of his house from a very early period.
"""

# <kind> in a sentence stands for one word or name of that kind.
_WORDS = """\
he: father,brother,husband,son,uncle,man,nephew
she: mother,sister,wife,daughter,aunt,woman,niece
name: Emma,Harriet,Anne,Elinor,Marianne,Jane,Mary,Susan,Nancy,Betty
guest: Miss Taylor,Mr. Woodhouse,Mrs. Weston,Mr. Weston,Frank Churchill,Father Brown
place: Hartfield,Highbury,London,Bath,New York,Lyme,Nantucket
wear: coat,hat,cloak,bonnet,gown,waistcoat,shirt,petticoat,apron,shawl,jacket,sleeve
pair: gloves,shoes,boots,stockings,trousers,breeches,buttons,lace
colour: black,white,blue,green,scarlet,brown,yellow,grey
beast: dog,puppy,cat,fox,horse,cow,sheep,hen,goat,rabbit,bear,wolf
sound: barked,growled,howled,ran,slept,jumped,hid,waited
food: bread,meat,cake,fish,apples,cheese,honey,porridge,milk,butter
drink: water,wine,milk,tea,ale
time: day,night,morning,evening,week,month,year,hour
sea: ship,boat,sail,mast,deck,harpoon,crew,captain,oar,anchor
whale: sperm whale,white whale,Moby Dick,whale
sky: wind,storm,wave,rain,cloud,thunder
king: king,prince,lord,ruler,emperor
queen: queen,princess,lady
land: Israel,Judah,Egypt,Babylon,Rome,Scotland,Denmark
host: people,priests,soldiers,servants,tribes,prophets
good: good,kind,gentle,clever,cheerful,amiable,handsome
feel: loved,admired,missed,remembered,forgave,praised
yes: yes,no,indeed,well,oh,ma'am
said: said,cried,replied,answered,whispered
few: a few minutes,a great deal,some time,two days,three weeks
number: two,three,four,five,six,seven,ten,twenty,forty
"""

# Sentences of a subject: families, clothes, the sea, animals, meals, kings, strangers.
_SUBJECTS = (
    """\
The <he> of <name> was a <good> man, and he <feel> his <she>.
Her <she> was a <good> woman, and she <feel> her <he>.
The <he>, the <he>, the <she> and the <she> of the child <feel> the <he> and the <she>.
The husband and the wife had one child, and the man and the woman were happy.""",
    """\
"<yes>," <said> <name>, "my <she> and my <he> are in the garden."
"I don't know," <said> <name>, "the <he> did not tell my <she>."
<guest> came to <place> in the <time>, and talked of her sister and her mother.
<guest> had been there for <few> when <name> came with her sister.
It was very early in the <time>, long ago, when <name> left her two daughters.""",
    """\
He wore a <colour> <wear> and <colour> <pair>, with a <wear> over his arm.
She put on her <wear> and her <pair>, and took the <colour> <wear> from the chair.
<name> sewed the <wear> with <colour> thread, and pressed the <pair> and the <wear>.
<guest> bought a <wear>, a <wear> and <number> <colour> <pair> in <place>.""",
    """\
The <sea> was ready, and the <sea> and the <sea> lay in the <sky>.
"There is the <whale>!" <said> the captain, and the crew took the <sea> and the <sea>.
The <whale> broke the <sea> and the <sea>, and the <sky> came over the <sea>.
For <number> days the <sky> was strong, and the ship lost her <sea> and her <sea>.""",
    """\
The <beast> and the <beast> <sound> in the field all <time>.
The dog barked, the puppy barked too, and the <beast> <sound> behind the barn.
A <beast> met a <beast> in the wood, and the <beast> <sound>.
The farmer fed the <beast>, the <beast> and <number> sheep in the <time>.""",
    """\
They eat <food> and drink <drink> in the <time>, and eat <food> at night.
Let us eat the <food> and the <food>, and drink <drink> with the <food>.
He would not eat the <food>, nor drink the <drink>, for a <time> and a <time>.""",
    """\
And the <king> of <land> reigned <number> years, and the <host> obeyed the <king>.
And the <king> spoke to the <host> of <land>, and the <queen> heard the <king>.
The <queen> of <land> was a <good> woman, and the <king> a <good> man.
And it came to pass that the <host> went out of <land> unto <land>.""",
    """\
<stranger> of <stranger> wrote to <stranger>, and <stranger> rode to <stranger>.
Between <stranger> and <stranger> lies <stranger>, where <stranger> was born.""",
)
_SYLLABLES = (
    "al bor cam den el fin gar hul ing jo kel lam mor nes ox pel rad sun tor wy"
)

# Words that chapter 2 asks for one by one; they fill the spelling lessons of "Emma".
_LESSONS = """\
i you he she it we they the a of to and in was were very quite happy pleased not
this letter came morning go talk walk speak come say see give think look make take
stay wait expect going talking walking speaking coming saying seeing giving thinking
looking making taking staying waiting expecting would could should said cried two
three spoke gave stand stood saw find found know knew bring brought hold held
thought keep kept feel felt went took made lead led sunday monday tuesday wednesday
thursday friday saturday january february april june july august september october
november december created developed built formed founded queen king princess prince
duchess duke lady lord mother father daughter son sister brother aunt uncle niece
nephew wife husband girl boy man woman throne crown emperor london england paris
france rome italy athens greece nineveh assyria city country west east nurse
governess housekeeper maid cook teacher clergyman doctor lawyer farmer captain
sailor carpenter gardener butcher servant soldier priest shepherd"""


def make() -> Arrays:
    """18 books of about 10,000 words under NLTK's file names, as bytes.

    Words that belong together keep company, which is what word vectors are learnt
    from, and some pairs of words are so common together that they make phrases.
    "Emma" is twice as long, for the sake of chapter 2.
    """
    rng = random.Random(18)
    books = {name: f"[{name}]\n\n{_text(rng)}" for name in _BOOKS.split()}
    books["austen-emma"] = _OPENING_OF_EMMA + books["austen-emma"] + _lessons(rng)
    return {
        f"{name}.txt": np.frombuffer(text.encode(), np.uint8)
        for name, text in books.items()
    }


def _text(rng: random.Random) -> str:
    """900 sentences in paragraphs of five, each paragraph on one subject."""
    words = dict(line.split(": ") for line in _WORDS.splitlines())

    def word(found: re.Match) -> str:
        if found[1] == "stranger":  # 8,000 names: without rare words no rare pairs
            return "".join(rng.choices(_SYLLABLES.split(), k=3)).capitalize()
        return rng.choice(words[found[1]].split(","))

    paragraphs = []
    for _ in range(180):
        frames = rng.choice(_SUBJECTS).splitlines()
        said = [re.sub("<(.*?)>", word, rng.choice(frames)) for _ in range(5)]
        paragraphs.append("\n".join(text[0].upper() + text[1:] for text in said))
    return "\n\n".join(paragraphs) + "\n"


def _lessons(rng: random.Random) -> str:
    """Spelling lessons: words in no order, each often enough to get a vector.

    Beside the words of chapter 2 some 300 made-up ones in -ed, and rarer names.
    """
    stems = [a + b for a in _SYLLABLES.split() for b in _SYLLABLES.split() if a != b]
    past = [f"{stem}ed" for stem in stems[:310]]
    words = 45 * (_LESSONS.split() + past) + 12 * stems[:240]
    rng.shuffle(words)
    lessons = [" ".join(words[i : i + 10]) for i in range(0, len(words), 10)]
    return "\n" + "".join(f"{lesson.capitalize()}.\n" for lesson in lessons)
