"""The coastline of a scenario: a GeoJSON file beside the tables, its polygons checked before anything is computed round them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from islandflow.errors import Fault

FEWEST = 4  # positions of a ring, the last like the first (RFC 7946, 3.1.6)


def read_coastline(folder: Path, name: str, faults: list[Fault]) -> tuple[Path, bytes] | None:
    """The file and its bytes; None and a fault if it cannot be read or holds no sound polygon."""
    file = folder / name
    try:
        if Path(name).name != name:
            raise ValueError("a path instead of a file name")
        raw = file.read_bytes()
        features = json.loads(raw)["features"]
        if not isinstance(features, list):
            raise ValueError("no features")
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        cause = type(error).__name__
        remedy = ("give a GeoJSON file of the folder", "请给出文件夹内的 GeoJSON 文件")
        faults.append(
            Fault("scenario.toml", 0, "coastline", name, f"cannot be read ({cause})", f"无法读取({cause})", *remedy),
        )
        return None
    wrong = [n for n, feature in enumerate(features) if not _sound(feature)]
    if not any(_polygons(feature) for feature in features):
        remedy = ("give the outlines of the land as polygons", "请给出陆地轮廓的多边形")
        faults.append(Fault(name, 0, "features", str(len(features)), "hold no polygon", "不含多边形", *remedy))
    for n in wrong:
        en = "is no feature whose polygons are rings of four positions or more, degrees of longitude and latitude"
        zh = "不是有效要素:多边形每环至少四个经纬度坐标"
        faults.append(Fault(name, 0, f"features.{n}", "", en, zh, "mend or leave out this feature", "请修正或删去该要素"))
    return None if any(f.file == name for f in faults) else (file, raw)


def _polygons(feature: Any) -> list[Any]:
    """Coordinates of the polygons of a feature; none where its geometry is no area."""
    geometry: Any = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        return []
    kind = geometry.get("type")
    if kind == "Polygon":
        return [geometry.get("coordinates")]
    if kind == "MultiPolygon":
        found = geometry.get("coordinates")
        return found if isinstance(found, list) else [None]
    return []


def _sound(feature: Any) -> bool:
    geometry = feature.get("geometry", ...) if isinstance(feature, dict) else ...
    if geometry is not None and not (isinstance(geometry, dict) and isinstance(geometry.get("type"), str)):
        return False
    return all(isinstance(rings, list) and rings and all(_ring(ring) for ring in rings) for rings in _polygons(feature))


def _ring(ring: Any) -> bool:
    return isinstance(ring, list) and len(ring) >= FEWEST and all(_position(at) for at in ring)


def _position(at: Any) -> bool:
    if not isinstance(at, list) or len(at) < 2:  # noqa: PLR2004
        return False
    return all(isinstance(x, int | float) and math.isfinite(x) and abs(x) <= most for x, most in zip(at, (180, 90), strict=False))
