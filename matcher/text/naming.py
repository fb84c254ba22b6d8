"""Whether a text names a property at all, told before any of its numbers is read.

To read the numbers of a text with the words around them takes most of a millisecond, and few texts
name what is asked for.
"""

from functools import lru_cache
from typing import Final

from matcher.text.lexicon.measures import generic_properties, synonyms
from matcher.text.properties import canonical

_NAMED_BY_UNIT: Final = {"[ingress]": frozenset({"ip"}), "[acidity]": frozenset({"ph"})}
"""What stands before every number of these dimensions, be it the name or not: IP67, pH 7."""


@lru_cache(maxsize=8192)
def traces(name: str, dimension: str) -> frozenset[str]:
    """What one of has to be in every text that names the property called ``name``.

    All names that are ``same`` end in its shortest end that is not too general, or are synonyms of
    one that does, in normalised text without white space. Of what may leave the name out, the
    unit is the trace.
    """
    if dimension in _NAMED_BY_UNIT:
        return _NAMED_BY_UNIT[dimension]
    whole = canonical(name)
    ends = (whole[at:] for at in range(len(whole) - 2, -1, -1))
    end = next((end for end in ends if end not in generic_properties()), whole)
    return frozenset({end, *(n for n, group in synonyms().items() if group.endswith(end))})
