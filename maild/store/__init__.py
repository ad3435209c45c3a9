"""The database: each module keeps one kind of row, as functions of a connection.

`engine.Store` opens transactions; nothing here begins or commits one of its own.
"""
