"""From raw Chinese text to tokens with offsets: normalise, split by script, segment."""

from matcher.text.normalise import NormalisedText, normalise
from matcher.text.scripts import is_character
from matcher.text.tokenizer import Token, Tokenizer, tokenizer

__all__ = ["NormalisedText", "Token", "Tokenizer", "is_character", "normalise", "tokenizer"]
