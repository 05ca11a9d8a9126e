"""How the kernels of the searches are compiled: on disk once, without counting who holds an array, and beside other threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])
_njit: Any = njit  # its stubs leave _nrt out


def kernel(function: Function) -> Function:
    """Compiles a function that makes no arrays.

    Counting references of the many arrays of a timetable took three quarters of the time of a change. A kernel that makes an
    array does not compile.
    """
    compiled: Function = _njit(cache=True, nogil=True, _nrt=False)(function)
    return compiled


def inner(function: Function) -> Function:
    """The same for a short function in a loop: it is written out where it is called.

    The cache on disk knows a kernel by its own file: whoever changes an inner function deletes the ``.nbi`` and ``.nbc`` files beside it,
    or kernels of other files go on with the old one.
    """
    compiled: Function = _njit(cache=True, nogil=True, _nrt=False, inline="always")(function)
    return compiled
