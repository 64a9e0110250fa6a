"""Where a repository stands: facts about its trees, and a grade by a published rubric.

chains     each package once, under the one that brings it in by the shortest way
facts      what is counted: packages, depth, sources, scripts, duplicates
evidence   what only the network can tell, from a file somebody gives
rubric     which control costs how much: policy/rubric.toml
grade      score, grade, what was not measured, what to do next
assess     all of it, for one tree
"""
