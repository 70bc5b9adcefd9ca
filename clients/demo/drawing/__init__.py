"""Cover pictures as SVG: a few layers of cut paper each."""
