"""Options that several commands share: how to solve, and what if. A decorator gives a command the group and hands it one value."""

from __future__ import annotations

import functools
import inspect
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from solvers.contract import BadSetting, Settings, UnknownName, preset, registered

Words = list[str] | None
Command = Callable[..., Any]
SOLVING: Mapping[str, tuple[Any, Any]] = {
    "solver": (Annotated[str, typer.Option(help="see `islandflow solvers`")], ""),
    "preset_name": (Annotated[str, typer.Option("--preset", help="quick, standard or thorough")], "standard"),
    "time_limit": (Annotated[float, typer.Option(help="seconds from the start of the command; of a season: a service pattern")], 0),
    "iterations": (Annotated[int, typer.Option(help="deterministic limit; 0 = none")], 0),
    "workers": (Annotated[int, typer.Option(help="processes; of a season: a service pattern")], 0),
    "seed": (Annotated[int | None, typer.Option(help="the same seed, iterations and workers 1 give the same plan")], None),
    "config": (Annotated[Path | None, typer.Option(help="TOML file of settings")], None),
    "changes": (Annotated[Words, typer.Option("--set", help="NAME=VALUE, may be repeated")], None),
}
WHAT_IF: Mapping[str, tuple[Any, Any]] = {
    "without": (Annotated[Words, typer.Option("--without", help="what if this vessel, or this whole fleet, were away; may be repeated")], None),
    "drop": (Annotated[Words, typer.Option("--drop", help="what if this obligation were not asked for: its price; may be repeated")], None),
    "add": (Annotated[Words, typer.Option("--add", help='what if there were more vessels: "2 hsc-cat at gouqi-t", hired: "… for 20000 in golden-week" (yuan a day, crew included); may be repeated')], None),
    "demand": (Annotated[Words, typer.Option("--demand", help="what if more or fewer travelled: visitors=+30%; may be repeated")], None),
    "fuel": (Annotated[str, typer.Option("--fuel", help="what if diesel cost more or less: +40%")], ""),
    "keep": (Annotated[tuple[str, Path] | None, typer.Option("--keep", help="keep the departures of lines=P01,D01 as in a plan or season folder")], None),
    "forecast": (Annotated[Path | None, typer.Option("--forecast", help="visitors by date and island_id, a CSV table")], None),
    "respond": (Annotated[tuple[Path, Path] | None, typer.Option("--respond", help="visitors answer to the second of two plans (or seasons) in place of the first")], None),
}  # fmt: skip


def solving(command: Command) -> Command:
    """Gives a command the options of a solve; it takes ``settings`` instead."""
    return _grouped(command, "settings", SOLVING, _settings)


def what_if(command: Command) -> Command:
    """Gives a command the options that ask what if; it takes ``said``, the words in the order in which they are done."""
    return _grouped(command, "said", WHAT_IF, _words)


def _grouped(command: Command, name: str, options: Mapping[str, tuple[Any, Any]], made: Callable[..., Any]) -> Command:
    @functools.wraps(command)
    def wrapper(**given: Any) -> Any:
        mine = {k: given.pop(k) for k in options}
        return command(**given, **{name: made(**mine)})

    signature = inspect.signature(command, eval_str=True)
    own = [p for p in signature.parameters.values() if p.name != name]
    kind = inspect.Parameter.KEYWORD_ONLY
    added = [inspect.Parameter(k, kind, default=default, annotation=said) for k, (said, default) in options.items()]
    wrapper.__signature__ = inspect.Signature([*(p.replace(kind=kind) for p in own), *added])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in (*own, *added)}
    return wrapper


def _settings(
    solver: str, preset_name: str, time_limit: float, iterations: int, workers: int, seed: int | None, config: Path | None, changes: Words
) -> Settings:
    """Preset, then file, then options; ``--set`` wins."""
    settings = preset(preset_name)
    if config is not None:
        try:
            settings = settings.changed(tomllib.loads(config.read_text(encoding="utf-8")))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            cause = type(error).__name__
            raise BadSetting(f"--config {config}: cannot be read ({cause})", f"--config {config}:无法读取({cause})") from None
    given: dict[str, object] = {"solver": solver, "time_limit": time_limit, "iterations": iterations, "workers": workers}
    settings = settings.changed({k: v for k, v in given.items() if v} | ({} if seed is None else {"seed": seed}))
    for change in changes or []:
        name, sign, value = change.partition("=")
        if not sign:
            raise BadSetting(f"--set {change}: write NAME=VALUE", f"--set {change}:请写 名=值")
        settings = settings.changed({name.strip(): value.strip()})
    if settings.solver not in registered():
        raise UnknownName("solver", settings.solver, sorted(registered()))
    return settings


def _words(
    without: Words, drop: Words, add: Words, demand: Words, fuel: str, keep: tuple[str, Path] | None, forecast: Path | None, respond: tuple[Path, Path] | None
) -> tuple[str, ...]:
    many = {"without": without, "drop": drop, "add": add, "demand": demand}
    found = [f"{kind}: {word}" for kind, words in many.items() for word in words or []]
    found = [*([f"forecast: {forecast}"] if forecast else []), *([f"respond: {respond[0]} -> {respond[1]}"] if respond else []), *found]
    found += [f"fuel: {fuel}"] if fuel else []
    found += [f"keep: {keep[0]} {keep[1]}"] if keep else []
    return tuple(found)
