"""The JSON interface, version 1: parse, one service call, answer."""
