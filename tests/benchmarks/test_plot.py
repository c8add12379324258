from __future__ import annotations

from xml.etree import ElementTree

from benchmarks.plot import Panel, Series, svg

PANELS = (
    Panel("lines", "lines & more", (Series("ours", ((1, 0.1), (2, 0.2))), Series("theirs", ()))),
    Panel("one point", "x", (Series("ours", ((3, 2.0),)),)),
)
SVG = "{http://www.w3.org/2000/svg}"


def test_every_point_has_a_mark_beside_the_legends() -> None:
    document = ElementTree.fromstring(svg(PANELS))
    assert len(document.findall(f"{SVG}circle")) == 3 + 2
    assert len(document.findall(f"{SVG}polyline")) == 3 + 2


def test_the_same_panels_are_the_same_bytes() -> None:
    assert svg(PANELS) == svg(PANELS)
