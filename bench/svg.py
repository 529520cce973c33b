# Copyright 2026 The cofu authors
# Distributed under the Boost Software License, Version 1.0.
# (See LICENSE_1_0.txt or https://www.boost.org/LICENSE_1_0.txt)

"""A few shapes as SVG. Debian's matplotlib can't be installed beside Boost 1.81."""

import html

INK = "#24292f"
PALE = "#d0d7de"


class Picture:
    def __init__(self, width, height):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
                      f'width="{width}" height="{height}" font-family="sans-serif">',
                      f'<rect width="{width}" height="{height}" fill="white"/>']

    def text(self, x, y, text, anchor="start", size=12, colour=INK, weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
                          f'font-size="{size}" font-weight="{weight}" fill="{colour}">'
                          f'{html.escape(text)}</text>')

    def line(self, x1, y1, x2, y2, colour=PALE, width=1.0):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                          f'stroke="{colour}" stroke-width="{width}"/>')

    def path(self, points, colour, dashes=""):
        self.parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" '
                          f'fill="none" stroke="{colour}" stroke-width="2" '
                          f'stroke-dasharray="{dashes}"/>')

    def dot(self, x, y, colour, name, radius=5):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" '
                          f'fill-opacity="0.85" stroke="white"><title>{html.escape(name)}</title>'
                          f'</circle>')

    def save(self, path):
        path.write_text("\n".join([*self.parts, "</svg>"]) + "\n")
