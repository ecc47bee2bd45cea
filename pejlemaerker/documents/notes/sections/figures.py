"""Mål og nøgletal: the chart with its table twin, its source, and the target."""

from pejlemaerker.documents.notes.material import Blocks, Material


def figures(material: Material) -> Blocks:
    """Tell the mål and nøgletal of the pejlemærker."""
    return ()
