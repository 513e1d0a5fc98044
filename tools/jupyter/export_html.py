"""Writes an executed notebook as one HTML page: `export_html.py NOTEBOOK PAGE`."""

import sys
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
exporter = HTMLExporter(
    extra_template_basedirs=[str(Path(__file__).parent)],
    template_name="self_contained",
    embed_images=True,
)
page, _ = exporter.from_notebook_node(notebook)
Path(sys.argv[2]).write_text(page, encoding="utf-8")
