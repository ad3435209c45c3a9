"""`maild rehearse`: a scenario played on a moved clock through the real pipeline, with servers in memory.

The servers are those of the tests too; each passes the same contract tests as the real one.
"""
