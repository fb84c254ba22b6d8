"""The JSON interface, version 1, health and metrics: parse, one service call, answer."""
