"""The posture page: one HTML file that needs nothing else (docs/posture.md).

model     the tree in preorder, as columns of numbers and names
picture   the first drawing of the tree, as SVG; script.js draws it again
tables    findings, controls, depth, sources
style.css script.js    inlined, and allowed by their hashes alone
"""
