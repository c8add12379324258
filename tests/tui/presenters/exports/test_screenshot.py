from __future__ import annotations

from tui.presenters.exports.screenshot import FAMILIES, self_contained

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg">
    <!-- Made somewhere: https://example.org -->
    <style>

    @font-face {{
        font-family: "Fira Code";
        src: url("https://cdn.example.org/FiraCode.woff2") format("woff2");
    }}

    .{unique}-matrix {{
        font-family: Fira Code, monospace;
    }}

    .{unique}-title {{
        font-family: arial;
    }}
    </style>
    <g class="{unique}-matrix">
    <text class="{unique}-r1" x="10" y="20" textLength="80" clip-path="url(#{unique}-line-0)">\
&#160;a&#160;&lt;b&#160;&#160;c</text>
    </g>
</svg>
"""


def test_a_picture_fetches_nothing_and_has_the_same_names_always() -> None:
    one, other = (self_contained(SVG.format(unique=f"terminal-{n}")) for n in (1, 23))

    assert one == other
    assert (
        one
        == f"""\
<svg xmlns="http://www.w3.org/2000/svg">
    <style>

    .screen-matrix {{
        font-family: {FAMILIES};
    }}

    .screen-title {{
        font-family: sans-serif;
    }}
    </style>
    <g class="screen-matrix">
    <text class="screen-r1" x="20" y="20" textLength="40" clip-path="url(#screen-line-0)">\
a&#160;&lt;b</text>\
<text class="screen-r1" x="80" y="20" textLength="10" clip-path="url(#screen-line-0)">c</text>
    </g>
</svg>
"""
    )
