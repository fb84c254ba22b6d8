"""Instructions of the processor that NumPy has no name for, for use in compiled code."""

# mypy: disable-error-code="no-untyped-call"
from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.cpython.unsafe import numbers
from numba.extending import intrinsic

Generated = tuple[Any, Callable[..., Any]]
"""The signature of an instruction, and what writes its code."""
_BYTES: Final = 64
"""Compared at once."""
LANES: Final = 16
"""Numbers that are added to at once."""


def _instruction(described: Callable[..., Generated]) -> Callable[..., Any]:
    """What compiled code calls; it leaves out the first argument, the compiler's."""
    made: Callable[..., Any] = intrinsic(described)
    return made


@_instruction
def prefetch(_: Any, array: Any, index: Any) -> Generated:
    """Ask the processor to fetch the cache line of a flat index of an array; nothing is read."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        data = context.make_array(kind)(context, builder, arguments[0]).data
        address = builder.gep(data, [arguments[1]])
        pointer = builder.bitcast(address, ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        declared = ir.FunctionType(ir.VoidType(), [pointer.type, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, declared, "llvm.prefetch.p0i8")
        builder.call(function, [pointer, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


def _everywhere(builder: Any, value: Any, lanes: int) -> Any:
    """A vector of so many times this value."""
    vector, number = ir.VectorType(value.type, lanes), ir.IntType(32)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, number(0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(number, lanes), [0] * lanes))


def _compared(
    context: Any, builder: Any, signature: Any, arguments: Any, bits: int, predicate: str
) -> Any:
    """One bit for each element from ``index`` on: how 64 bytes of them compare with ``value``."""
    lanes = 8 * _BYTES // bits
    data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
    vector = ir.VectorType(ir.IntType(bits), lanes)
    address = builder.bitcast(builder.gep(data, [arguments[1]]), vector.as_pointer())
    sought = _everywhere(builder, builder.trunc(arguments[2], ir.IntType(bits)), lanes)
    loaded = builder.load(address, align=1)
    result = builder.bitcast(builder.icmp_unsigned(predicate, loaded, sought), ir.IntType(lanes))
    return builder.zext(result, ir.IntType(64)) if lanes < 64 else result


@_instruction
def matches(_: Any, array: Any, index: Any, value: Any) -> Generated:
    """Which of 64 bytes from ``index`` on equal ``value``: one bit each."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _compared(context, builder, signature, arguments, 8, "==")

    return types.uint64(array, types.int64, types.int64), generate


@_instruction
def smaller(_: Any, array: Any, index: Any, value: Any) -> Generated:
    """Which of 32 numbers of 16 bits from ``index`` on are less than ``value``: one bit each."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _compared(context, builder, signature, arguments, 16, "<")

    return types.uint64(array, types.int64, types.int64), generate


@_instruction
def add_to_some(_: Any, array: Any, index: Any, value: Any, sums: Any, to: Any) -> Generated:
    """Write ``value`` plus each of 16 numbers of 16 bits from ``index`` on as numbers of 32 bits.

    The compiler cannot know that it may do them at once, as one array might be part of the other.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds, (_, index, value, _, to) = signature.args, arguments
        data = context.make_array(kinds[0])(context, builder, arguments[0]).data
        sums = context.make_array(kinds[3])(context, builder, arguments[3]).data
        narrow, wide = (ir.VectorType(ir.IntType(bits), LANES) for bits in (16, 32))
        given = builder.bitcast(builder.gep(data, [index]), narrow.as_pointer())
        result = builder.bitcast(builder.gep(sums, [to]), wide.as_pointer())
        loaded = builder.zext(builder.load(given, align=2), wide)
        added = _everywhere(builder, builder.trunc(value, ir.IntType(32)), LANES)
        builder.store(builder.add(loaded, added), result, align=4)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.int64, sums, types.int64), generate


@_instruction
def ones(_: Any, word: Any) -> Generated:
    """How many bits of a word are set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


first_one: Any = numbers.trailing_zeros
"""Where the lowest bit of a word is that is set; 64 if none is."""
zeros_before: Any = numbers.leading_zeros
"""How many bits above the highest one that is set are not."""
